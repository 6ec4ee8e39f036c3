/** The velocity field as arrows: sampled on a square grid over [-3, 3]². */
import type { Points } from './points.ts';
import type { Velocity } from './velocity.ts';

export const gridReach = 3;

/** Grid points row by row from the lower left. */
function gridPoints(side: number): Points {
  const points = new Float32Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    points[2 * i] = gridReach * ((2 * (i % side)) / (side - 1) - 1);
    points[2 * i + 1] = gridReach * ((2 * Math.floor(i / side)) / (side - 1) - 1);
  }
  return points;
}

/** @returns [times, side × side, 2], at `times` equal steps from t = 0 to 1 */
export function sampleField(velocity: Velocity, side: number, times: number): Float32Array {
  const points = gridPoints(side);
  const values = new Float32Array(times * points.length);
  for (let k = 0; k < times; k++) values.set(velocity(points, k / (times - 1)), k * points.length);
  return values;
}
