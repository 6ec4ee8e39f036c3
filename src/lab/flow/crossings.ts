/**
 * How many pairs of drawn paths cross on the page. Lines of an interpolation meet at one time, too, where a flow's
 * velocity would have to be two things at once; a flow's own paths can pass the same place, but only one after the
 * other (Liu, Gong & Liu 2022, figure 2).
 */
import type { Pairs } from './coupling.ts';
import { pointCount } from './points.ts';
import type { Trajectory } from './velocity.ts';

/** Twice the signed area of a triangle: which side of a → b the point c is on. */
function side(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** A polyline: x0, y0, x1, y1, ... */
type Line = Float32Array;

function segmentsCross(p: Line, i: number, q: Line, j: number): boolean {
  const [ax, ay, bx, by] = [p[i]!, p[i + 1]!, p[i + 2]!, p[i + 3]!];
  const [cx, cy, dx, dy] = [q[j]!, q[j + 1]!, q[j + 2]!, q[j + 3]!];
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
  );
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

function boxOf(line: Line): Box {
  const box = { left: line[0]!, right: line[0]!, bottom: line[1]!, top: line[1]! };
  for (let i = 2; i < line.length; i += 2) {
    box.left = Math.min(box.left, line[i]!);
    box.right = Math.max(box.right, line[i]!);
    box.bottom = Math.min(box.bottom, line[i + 1]!);
    box.top = Math.max(box.top, line[i + 1]!);
  }
  return box;
}

const apart = (a: Box, b: Box): boolean =>
  a.right < b.left || b.right < a.left || a.top < b.bottom || b.top < a.bottom;

function linesCross(p: Line, q: Line): boolean {
  for (let i = 0; i + 3 < p.length; i += 2) {
    for (let j = 0; j + 3 < q.length; j += 2) {
      if (segmentsCross(p, i, q, j)) return true;
    }
  }
  return false;
}

function countCrossings(lines: readonly Line[]): number {
  const boxes = lines.map(boxOf);
  let crossings = 0;
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length; j++) {
      if (!apart(boxes[i]!, boxes[j]!) && linesCross(lines[i]!, lines[j]!)) crossings += 1;
    }
  }
  return crossings;
}

/** Crossings of the straight lines between the first `count` pairs. */
export function lineCrossings({ starts, ends }: Pairs, count: number): number {
  const lines = Array.from({ length: Math.min(count, pointCount(starts)) }, (_, i) =>
    Float32Array.of(starts[2 * i]!, starts[2 * i + 1]!, ends[2 * i]!, ends[2 * i + 1]!),
  );
  return countCrossings(lines);
}

/** Crossings of the first `count` paths, as polylines through every `stride`-th state and the last. */
export function pathCrossings({ states }: Trajectory, count: number, stride: number): number {
  const kept = states.filter((_, k) => k % stride === 0 || k === states.length - 1);
  const lines = Array.from({ length: Math.min(count, pointCount(states[0]!)) }, (_, i) =>
    Float32Array.from(kept.flatMap((state) => [state[2 * i]!, state[2 * i + 1]!])),
  );
  return countCrossings(lines);
}
