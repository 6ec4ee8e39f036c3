/** Deviation ‖(Z_1 − Z_0) − v(Z_t, t)‖² per evaluation, over ‖Z_1 − Z_0‖², on the strips' time axis; its mean is S. */
import type { ReactNode } from 'react';
import { stepAreaPath, stepCurvePath } from '../../plots/step-curve.ts';
import { axisTicks, tickStep } from '../../plots/time-axis.ts';
import type { SideRun } from '../../state/side.ts';
import { straightnessText } from '../../words/measures.ts';

/** The axis when nothing was measured, so that the plot keeps its shape. */
const emptyTop = 0.1;

function axisOf(values: readonly number[]): { readonly top: number; readonly ticks: readonly number[] } {
  const highest = Math.max(...values, 0);
  const wanted = highest > 0 ? highest : emptyTop;
  const step = tickStep(wanted, 2);
  const top = step * Math.ceil(wanted / step - 1e-9);
  return { top, ticks: axisTicks(top, 2) };
}

interface DeviationPlotProps {
  readonly a: SideRun;
  readonly b: SideRun;
  readonly titleOfB: string;
}

export function DeviationPlot({ a, b, titleOfB }: DeviationPlotProps): ReactNode {
  const result = b.status === 'done' ? b.result : null;
  const values = result?.deviations ?? [];
  const { top, ticks } = axisOf(values);
  const hasA = a.status === 'done';
  const described =
    result === null
      ? 'Deviation from the straight path: not measured yet'
      : `Deviation from the straight path per evaluation, side B: straightness S = ${straightnessText(result.straightness)}, highest ${straightnessText(Math.max(...values))}`;
  return (
    <>
      <div className="plot-axis" aria-hidden="true">
        <span className="plot-name">deviation</span>
        {ticks.map((tick) => (
          <span key={tick} style={{ insetBlockStart: `${100 - (100 * tick) / top}%` }}>
            {tick}
          </span>
        ))}
      </div>
      <div className="plot">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={described}>
          <path
            className="plot-grid"
            d={ticks.map((tick) => `M0 ${100 - (100 * tick) / top}H100`).join('')}
          />
          {values.length > 0 && (
            <>
              <path className="plot-area" data-side="b" d={stepAreaPath(values, top)} />
              <path className="plot-line" data-side="b" d={stepCurvePath(values, top)} />
            </>
          )}
          {hasA && <path className="plot-line" data-side="a" d="M0 100H100" />}
        </svg>
        <p className="plot-legend">
          {result !== null && (
            <span data-side="b">
              {titleOfB} <b>S = {straightnessText(result.straightness)}</b>
            </span>
          )}
          {hasA && (
            <span data-side="a">
              one chord <b>S = 0</b> by definition
            </span>
          )}
          {result === null && <span className="quiet">Measured after the last step</span>}
        </p>
      </div>
    </>
  );
}
