/** How much of a draw may go into previews: the run goes on first, what is left out is decoded after it. */

/** Previews take at most this share of the time that evaluations took so far; issue 7 allows a slowdown of 20 %. */
const previewShare = 0.15;

export interface PreviewBudget {
  /** Tells of an evaluation that ended. */
  evaluated(milliseconds: number): void;
  /** Whether one more decoding fits. */
  allows(): boolean;
  /** Tells of a decoding that ended. */
  decoded(milliseconds: number): void;
}

/** @param decodeMs how long a decoding took last; undefined before the first, which then isn't risked in a run */
export function createPreviewBudget(decodeMs: number | undefined): PreviewBudget {
  let expectedMs = decodeMs ?? Number.POSITIVE_INFINITY;
  let evaluatedMs = 0;
  let spentMs = 0;
  return {
    evaluated(milliseconds) {
      evaluatedMs += milliseconds;
    },
    allows: () => spentMs + expectedMs <= previewShare * evaluatedMs,
    decoded(milliseconds) {
      spentMs += milliseconds;
      expectedMs = milliseconds;
    },
  };
}
