/** The loss of every training step so far, smoothed over a few. */
import type { ReactNode } from 'react';
import { lossCurve } from '../drawing/loss-curve.ts';
import { measureText } from '../words/figures.ts';

const [width, height] = [272, 64];

export function LossCurve({ losses, steps }: { losses: readonly number[]; steps: number }): ReactNode {
  const curve = lossCurve(losses, steps, width, height);
  const last = curve.smoothed.at(-1);
  return (
    <svg
      className="loss-curve"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={
        last === undefined
          ? 'Loss: nothing trained yet'
          : `Loss after ${losses.length} steps: ${measureText(last)}`
      }
    >
      <path className="plot-grid" d={`M0 ${height - 0.5}H${width}`} />
      <path className="plot-line" d={curve.path} />
    </svg>
  );
}
