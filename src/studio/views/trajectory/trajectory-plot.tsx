/** The plot under the strips, on their axis of time: deviation, or traces of latents or pixels; or its numbers. */
import { Table2 } from 'lucide-react';
import { memo, type ReactNode, useMemo, useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { StudioState } from '../../state/studio.ts';
import { chartOf, isEmptyChart, type PlotKind } from '../../state/trajectory-chart.ts';
import { chartDescription, plotNames } from '../../words/chart-words.ts';
import { IconToggle } from '../controls/icon-button.tsx';
import { useDispatch, useStudio } from '../studio-context.tsx';
import { useCalmStudio } from './calm-studio.ts';
import { ChartExport } from './chart-export.tsx';
import { ChartFigure } from './chart-figure.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';
import { PointPicker } from './point-picker.tsx';

/** Redrawing takes a few milliseconds; steps of the embedded model come faster than this. */
const redrawMs = 120;
const chartHeight = 116;
export interface TrajectoryPlotProps {
  /** Of the strips, CSS pixels, and of their frames: the chart's t = 0 and t = 1 are their first and last centres. */
  readonly width: number;
  readonly frame: number;
  readonly labelWidth: number;
}

const sidesOf = ({ sides }: StudioState) => sides;
const plots: readonly PlotKind[] = ['deviation', 'latents', 'pixels'];

const PlotChoice = memo(function PlotChoice(): ReactNode {
  const plot = useStudio((state) => state.traces.plot);
  const dispatch = useDispatch();
  return (
    <RadioGroup
      className="segmented"
      orientation="horizontal"
      value={plot}
      onChange={(value) => dispatch({ type: 'traces-changed', change: { plot: value as PlotKind } })}
    >
      <Label className="visually-hidden">Plot</Label>
      <div className="segments">
        {plots.map((kind) => (
          <Radio key={kind} value={kind}>
            {plotNames[kind]}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
});

interface PlotToolsProps {
  readonly asTable: boolean;
  readonly showTable: (shown: boolean) => void;
  readonly isEmpty: boolean;
}

const PlotTools = memo(function PlotTools({ asTable, showTable, isEmpty }: PlotToolsProps): ReactNode {
  const ofPoints = useStudio((state) => state.traces.plot !== 'deviation');
  return (
    <div className="plot-tools">
      {ofPoints && <PointPicker />}
      <IconToggle icon={Table2} label="Numbers as a table" isSelected={asTable} onChange={showTable} />
      <ChartExport isEmpty={isEmpty} />
    </div>
  );
});

export function TrajectoryPlot({ width, frame, labelWidth }: TrajectoryPlotProps): ReactNode {
  const sides = useCalmStudio(sidesOf, redrawMs);
  const traces = useStudio((state) => state.traces);
  const [asTable, showTable] = useState(false);
  const chart = useMemo(() => chartOf(sides, traces), [sides, traces]);
  const look = {
    width: width === 0 ? 0 : labelWidth + width,
    height: chartHeight,
    marginLeft: labelWidth + frame / 2,
    marginRight: frame / 2,
  };
  return (
    <>
      <div className="plot-head">
        <PlotChoice />
        <ChartLegend chart={chart} sides={sides} />
        <PlotTools asTable={asTable} showTable={showTable} isEmpty={isEmptyChart(chart)} />
      </div>
      <div className="plot" style={{ blockSize: chartHeight }} data-chart={asTable ? undefined : chart.plot}>
        {asTable ? (
          <ChartTable chart={chart} />
        ) : (
          <ChartFigure chart={chart} look={look} label={chartDescription(chart, sides)} />
        )}
      </div>
    </>
  );
}
