/** A training's loss as a path. */

/** Weight of the newest loss in the running mean. */
const newest = 0.08;

export interface LossCurve {
  readonly smoothed: readonly number[];
  /** SVG path data in a box of width × height. */
  readonly path: string;
}

/** @param steps of the whole training: the width of the box */
export function lossCurve(
  losses: readonly number[],
  steps: number,
  width: number,
  height: number,
): LossCurve {
  let mean = losses[0] ?? 0;
  const smoothed = losses.map((loss) => {
    mean += newest * (loss - mean);
    return mean;
  });
  const highest = Math.max(...smoothed, Number.MIN_VALUE);
  // No more points than pixels.
  const stride = Math.max(1, Math.floor(smoothed.length / width));
  const path = smoothed
    .flatMap((value, i) => {
      if (i % stride !== 0 && i !== smoothed.length - 1) return [];
      const x = (i / Math.max(1, steps - 1)) * width;
      return [`${x.toFixed(1)} ${((1 - value / highest) * (height - 2) + 1).toFixed(1)}`];
    })
    .join('L');
  return { smoothed, path: path === '' ? '' : `M${path}` };
}
