/** Where the traced points lie in a picture, for as long as they are chosen or their plot is pointed at. */
import type { CSSProperties, ReactNode } from 'react';
import { pointsShown } from '../../state/trajectory-chart.ts';
import { useStudio } from '../studio-context.tsx';

export function PointMarkers(): ReactNode {
  const shown = useStudio((state) => pointsShown(state.traces, state.playhead));
  const points = useStudio((state) => state.traces.points);
  if (!shown) return null;
  return (
    <span className="point-markers" aria-hidden="true">
      {points.map(({ x, y }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have no other identity than their number
        <span key={i} className="point-marker" style={pointPlace(x, y)}>
          {i + 1}
        </span>
      ))}
    </span>
  );
}

export const pointPlace = (x: number, y: number): CSSProperties => ({
  insetInlineStart: `${100 * x}%`,
  insetBlockStart: `${100 * y}%`,
});
