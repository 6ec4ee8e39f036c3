/**
 * How far two samples' distributions are apart: D² = 2E‖X - Y‖ - E‖X - X'‖ - E‖Y - Y'‖ (Székely & Rizzo 2013,
 * "Energy statistics"); 0 only for the same distribution. Estimated without bias, so that two samples of one
 * distribution come out around 0, and now and then below it.
 */
import { type Points, pointCount } from './points.ts';

/** @returns D² of `points` to the reference sample; the reference's own mean distance is computed once */
export function energyDistanceTo(reference: Points): (points: Points) => number {
  const within = meanDistanceWithin(reference);
  return (points) => 2 * meanDistanceBetween(points, reference) - meanDistanceWithin(points) - within;
}

function sumOfDistances(points: Points, x: number, y: number, from: number): number {
  let sum = 0;
  for (let j = from; j < points.length; j += 2) {
    const [dx, dy] = [points[j]! - x, points[j + 1]! - y];
    sum += Math.sqrt(dx * dx + dy * dy);
  }
  return sum;
}

function meanDistanceWithin(points: Points): number {
  const count = pointCount(points);
  let sum = 0;
  for (let i = 0; i < points.length; i += 2) sum += sumOfDistances(points, points[i]!, points[i + 1]!, i + 2);
  return (2 * sum) / (count * (count - 1));
}

function meanDistanceBetween(a: Points, b: Points): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) sum += sumOfDistances(b, a[i]!, a[i + 1]!, 0);
  return sum / (pointCount(a) * pointCount(b));
}
