/** Timing two sides against each other on a machine that does other things as well. */
import { median } from './median.ts';

export interface Duel {
  readonly oursMs: readonly number[];
  readonly theirsMs: readonly number[];
  /** Their median over ours: above 1 where ours is faster. */
  readonly ratio: number;
  /** Median of the ratios within each pair; steadier where the machine's load drifts. */
  readonly pairRatio: number;
}

/** Warms both up, then times them in alternating pairs; who goes first alternates too. */
export async function alternate(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  pairCount: number,
): Promise<Duel> {
  await ours();
  await theirs();
  const oursMs: number[] = [];
  const theirsMs: number[] = [];
  for (let i = 0; i < pairCount; i++) {
    const turns = [
      async () => oursMs.push(await timed(ours)),
      async () => theirsMs.push(await timed(theirs)),
    ];
    if (i % 2 === 1) turns.reverse();
    for (const turn of turns) await turn();
  }
  return {
    oursMs,
    theirsMs,
    ratio: median(theirsMs) / median(oursMs),
    pairRatio: median(theirsMs.map((theirTime, i) => theirTime / oursMs[i]!)),
  };
}

/** @returns milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
