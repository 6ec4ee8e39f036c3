/** A distribution along strokes: uniform by length, with a soft brush. */
import type { OrderedPoint } from './points.ts';
import type { Random } from './random.ts';

/** x0, y0, x1, y1, ...: a polyline of one point or more. */
export type Stroke = readonly number[];

const brushWidth = 0.07;
/** A dot counts as much as a short line, or it would never be drawn from. */
const dotLength = 0.3;

function lengthOf(stroke: Stroke): number {
  let sum = stroke.length === 2 ? dotLength : 0;
  for (let i = 2; i < stroke.length; i += 2) {
    sum += Math.hypot(stroke[i]! - stroke[i - 2]!, stroke[i + 1]! - stroke[i - 1]!);
  }
  return sum;
}

/** The point of `stroke` at `distance` from its start. */
function pointAlong(stroke: Stroke, distance: number): { x: number; y: number } {
  let rest = distance;
  for (let i = 2; i < stroke.length; i += 2) {
    const [x0, y0, x1, y1] = [stroke[i - 2]!, stroke[i - 1]!, stroke[i]!, stroke[i + 1]!];
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (rest <= length && length > 0) {
      return { x: x0 + (rest / length) * (x1 - x0), y: y0 + (rest / length) * (y1 - y0) };
    }
    rest -= length;
  }
  return { x: stroke.at(-2)!, y: stroke.at(-1)! };
}

/** @throws RangeError without strokes */
export function sampleStrokes(strokes: readonly Stroke[], random: Random): OrderedPoint {
  const total = strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0);
  if (total <= 0) throw new RangeError('There is no stroke to draw from.');
  const order = random.uniform();
  let rest = order * total;
  let chosen = strokes[0]!;
  for (const stroke of strokes) {
    chosen = stroke;
    const length = lengthOf(stroke);
    if (rest <= length) break;
    rest -= length;
  }
  const { x, y } = pointAlong(chosen, rest);
  return { x: x + brushWidth * random.normal(), y: y + brushWidth * random.normal(), order };
}
