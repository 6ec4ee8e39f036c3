/** Timing two sides against each other on a machine that does other things as well. */
import { median } from './median.ts';

export interface Duel {
  readonly oursMs: readonly number[];
  readonly theirsMs: readonly number[];
  /** Their median over ours: above 1 where ours is faster. */
  readonly ratio: number;
  /** Median of the ratios within each pair; steadier where the machine's load drifts. */
  readonly pairRatio: number;
  /** As `ratio`, of this process's processor time: what it had to wait for others is not in it. Undefined in a browser. */
  readonly processorRatio: number | undefined;
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
  const processorMs = 'process' in globalThis ? usedMs : () => Number.NaN;
  const oursUsed: number[] = [];
  const theirsUsed: number[] = [];
  const measure = async (work: () => Promise<unknown>, wallMs: number[], processor: number[]) => {
    const before = processorMs();
    wallMs.push(await timed(work));
    processor.push(processorMs() - before);
  };
  for (let i = 0; i < pairCount; i++) {
    const turns = [() => measure(ours, oursMs, oursUsed), () => measure(theirs, theirsMs, theirsUsed)];
    if (i % 2 === 1) turns.reverse();
    for (const turn of turns) await turn();
  }
  const processorRatio = median(theirsUsed) / median(oursUsed);
  return {
    oursMs,
    theirsMs,
    ratio: median(theirsMs) / median(oursMs),
    pairRatio: median(theirsMs.map((theirTime, i) => theirTime / oursMs[i]!)),
    processorRatio: Number.isFinite(processorRatio) ? processorRatio : undefined,
  };
}

/** @returns milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Processor time of this process since its start. */
function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
