/** Which start belongs to which end. */
import type { OrderedPoints } from './distributions.ts';
import { firstPoints, type Points } from './points.ts';
import type { Random } from './random.ts';

export type CouplingKind = 'independent' | 'given';

/** Pair i goes from point i of `starts` to point i of `ends`. */
export interface Pairs {
  readonly starts: Points;
  readonly ends: Points;
}

/**
 * 'independent' leaves the points as they were drawn; 'given' goes through both shapes in their order, so that
 * each part of one has its part of the other.
 */
export function couple(kind: CouplingKind, starts: OrderedPoints, ends: OrderedPoints): Pairs {
  if (kind === 'independent') return { starts: starts.points, ends: ends.points };
  const [from, to] = [ranking(starts.order), ranking(ends.order)];
  const paired = new Float32Array(ends.points.length);
  for (let rank = 0; rank < from.length; rank++) {
    const [start, end] = [from[rank]!, to[rank]!];
    paired[2 * start] = ends.points[2 * end]!;
    paired[2 * start + 1] = ends.points[2 * end + 1]!;
  }
  return { starts: starts.points, ends: paired };
}

export function firstPairs({ starts, ends }: Pairs, count: number): Pairs {
  return { starts: firstPoints(starts, count), ends: firstPoints(ends, count) };
}

function ranking(order: Float32Array): Uint32Array {
  return Uint32Array.from(order.keys()).sort((a, b) => order[a]! - order[b]!);
}

/** Draws a pair to learn from: [index of its start, index of its end]. */
export type DrawPair = (random: Random) => readonly [start: number, end: number];

/**
 * An independent coupling has more pairs than the drawn ones: any start goes with any end. A given or a reflowed
 * coupling has its own pairs alone.
 */
export function pairDraw(count: number, independent: boolean): DrawPair {
  return (random) => {
    const start = random.index(count);
    return [start, independent ? random.index(count) : start];
  };
}
