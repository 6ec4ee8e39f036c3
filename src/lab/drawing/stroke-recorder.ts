/** Strokes as the pointer draws them: no denser than the brush, no more than a link holds. */
import type { Stroke } from '../flow/strokes.ts';
import { strokeLimit } from '../state/share-link.ts';

const spacing = 0.08;

const coordinates = (strokes: readonly Stroke[]): number =>
  strokes.reduce((sum, stroke) => sum + stroke.length, 0);

export const isFull = (strokes: readonly Stroke[]): boolean =>
  strokes.length >= strokeLimit.strokes || coordinates(strokes) >= strokeLimit.coordinates - 2;

export function beginStroke(strokes: readonly Stroke[], x: number, y: number): readonly Stroke[] {
  return isFull(strokes) ? strokes : [...strokes, [x, y]];
}

/** Goes on with the last stroke. */
export function continueStroke(strokes: readonly Stroke[], x: number, y: number): readonly Stroke[] {
  const last = strokes.at(-1);
  if (last === undefined || coordinates(strokes) >= strokeLimit.coordinates - 2) return strokes;
  if (Math.hypot(x - last.at(-2)!, y - last.at(-1)!) < spacing) return strokes;
  return [...strokes.slice(0, -1), [...last, x, y]];
}
