/**
 * A seeded sequence of random numbers, the same in every browser: the engine's Philox generator, read in order.
 * Streams of one seed are independent.
 */
import { normalQuantile, philox } from '../../engine/core/noise.ts';

export interface Random {
  /** In (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** A whole number from 0 to `end` - 1. */
  index(end: number): number;
}

/** What each stream of a laboratory's seed is for: no two of them share numbers. */
export const streams = {
  start: 0,
  end: 1,
  coupling: 2,
  fresh: 3,
  forwardProcess: 4,
  /** + the flow's number. */
  weights: 100,
  batches: 200,
  distillation: 300,
} as const;

/** @param seed a whole number from 0 to 2^32 - 1 */
export function createRandom(seed: number, stream: number): Random {
  const counter = new Uint32Array([0, 0, stream, 1]);
  const bits = new Uint32Array(4);
  let used = 4;
  const uniform = (): number => {
    if (used === 4) {
      philox(counter, seed >>> 0, 0, bits);
      counter[0] = counter[0]! + 1;
      used = 0;
    }
    const value = (bits[used]! + 0.5) * 2 ** -32;
    used += 1;
    return value;
  };
  return {
    uniform,
    normal: () => normalQuantile(uniform()),
    index: (end) => Math.min(end - 1, Math.floor(uniform() * end)),
  };
}
