/** Which line is whose, with S of each side and the values at the playhead. */
import type { ReactNode } from 'react';
import { type SideName, sideNames } from '../../state/side.ts';
import { timeRead } from '../../state/timeline.ts';
import type { Sides } from '../../state/trajectory.ts';
import { type Chart, isEmptyChart, valueAt } from '../../state/trajectory-chart.ts';
import { chartNumber, straightnessOf } from '../../words/chart-words.ts';
import { useStudio } from '../studio-context.tsx';

interface ChartLegendProps {
  readonly chart: Chart;
  /** That the chart is of. */
  readonly sides: Sides;
}

function ValuesAt({ chart, side }: { chart: Chart; side: SideName }): ReactNode {
  const t = useStudio(timeRead);
  const texts = chart.series
    .filter((series) => series.side === side)
    .flatMap((series) => {
      const value = valueAt(series, t);
      return value === null ? [] : [{ point: series.point, text: chartNumber(chart, value) }];
    });
  return texts.map(({ point, text }) => (
    <span key={point}>
      {point > 0 && <sup>{point}</sup>}
      {text}
    </span>
  ));
}

export function ChartLegend({ chart, sides }: ChartLegendProps): ReactNode {
  if (isEmptyChart(chart)) return <p className="plot-legend quiet">Measured as the draw goes on</p>;
  return (
    <p className="plot-legend">
      {sideNames.map((side) => (
        <span key={side} data-side={side}>
          {side.toUpperCase()}
          {chart.plot === 'deviation' && <b>{straightnessOf(sides[side])}</b>}
          <span className="plot-values">
            <ValuesAt chart={chart} side={side} />
          </span>
        </span>
      ))}
      {chart.plot !== 'deviation' && <span className="quiet plot-note">dotted: straight</span>}
    </p>
  );
}
