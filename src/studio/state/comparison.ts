/** Whether two measured times may be set against each other, and the ratio if so. */
import type { DrawResult } from '../../worker/protocol.ts';
import type { SideName, SideRun } from './side.ts';

export type Comparison =
  | {
      readonly kind: 'ratio';
      /** Slower over faster, at least 1; of network and decoder alone. */
      readonly factor: number;
      readonly faster: SideName;
      readonly temperature: 'cold' | 'warm';
    }
  | { readonly kind: 'none'; readonly reason: string };

const none = (reason: string): Comparison => ({ kind: 'none', reason });

/**
 * Without the text: what one side encoded is remembered, and costs the other nothing. The side that is drawn first would
 * pay for both.
 */
function drawingMs({ timings }: DrawResult): number {
  return timings.totalMs - timings.textMs;
}

/** A ratio needs both sides finished on one backend and variant, both cold or both warm. */
export function compareTimes(a: SideRun, b: SideRun): Comparison {
  const missing = [a.result === null ? 'A' : '', b.result === null ? 'B' : ''].filter((name) => name !== '');
  if (a.result === null || b.result === null) {
    return none(
      missing.length === 2 ? 'Nothing measured yet' : `${missing[0]} did not finish, so there is no ratio`,
    );
  }
  if (a.hidden || b.hidden) {
    const sides = a.hidden && b.hidden ? 'Both sides were' : `${a.hidden ? 'A' : 'B'} was`;
    return none(`${sides} drawn while this tab was hidden, so there is no ratio`);
  }
  if (a.result.backend !== b.result.backend || a.result.variant.dtype !== b.result.variant.dtype) {
    return none('Drawn on different backends, so there is no ratio');
  }
  if (a.result.cold !== b.result.cold) {
    const [cold, warm] = a.result.cold ? ['A', 'B'] : ['B', 'A'];
    return none(`${cold} ran cold and ${warm} warm, so there is no ratio. Draw again for two warm runs`);
  }
  const [aMs, bMs] = [drawingMs(a.result), drawingMs(b.result)];
  if (!(aMs > 0 && bMs > 0)) return none('Too quick to measure');
  return {
    kind: 'ratio',
    factor: Math.max(aMs, bMs) / Math.min(aMs, bMs),
    faster: aMs <= bMs ? 'a' : 'b',
    temperature: a.result.cold ? 'cold' : 'warm',
  };
}
