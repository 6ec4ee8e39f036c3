/** A chart as SVG, by Observable Plot. Loaded when a chart is first shown. */
import { areaY, axisX, axisY, dot, gridY, lineY, type Markish, plot, ruleY, text } from '@observablehq/plot';
import type { SideName } from '../state/side.ts';
import { type Chart, type ChartSeries, type ChartValue, valueRange } from '../state/trajectory-chart.ts';

export interface ChartLook {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** From the edges to t = 0 and t = 1. */
  readonly marginLeft: number;
  readonly marginRight: number;
  /** CSS colours; in a page these may be variables. */
  readonly colours: Readonly<Record<SideName | 'label' | 'grid', string>>;
}

const marginTop = 10;
const marginBottom = 20;
const valueTicks = 4;
/** Between the axis and its labels; lines have their numbers there. */
const tickPaddings = { step: 8, line: 20 } as const;
const timeTicks = [0, 0.2, 0.4, 0.6, 0.8, 1];

const timeText = (t: number): string => (t === 0 ? '0 noise' : t === 1 ? '1 picture' : String(t));

/** A value that holds for an evaluation is drawn to the evaluation's end: the last one's is as long as the one before. */
function heldToTheEnd(values: readonly ChartValue[]): readonly ChartValue[] {
  const [last, before] = [values.at(-1), values.at(-2)];
  if (last === undefined) return values;
  const t = before === undefined ? 1 : Math.min(1, 2 * last.t - before.t);
  return [...values, { t, value: last.value }];
}

/** Deviations: lines over a tint, since B's and A's areas are compared. */
function stepMarks({ values, side }: ChartSeries, { colours }: ChartLook): Markish[] {
  const held = heldToTheEnd(values);
  const stepped = { x: 't', curve: 'step-after' } as const;
  return [
    areaY(held, { ...stepped, y: 'value', fill: colours[side], fillOpacity: 0.14 }),
    lineY(held, { ...stepped, y: 'value', stroke: colours[side], strokeWidth: 1.75 }),
  ];
}

function lineMarks({ values, chord, side, point }: ChartSeries, { colours }: ChartLook): Markish[] {
  const colour = colours[side];
  return [
    lineY(chord, { x: 't', y: 'value', stroke: colour, strokeDasharray: '2 4', strokeOpacity: 0.8 }),
    lineY(values, { x: 't', y: 'value', stroke: colour, strokeWidth: 1.5 }),
    dot(values, { x: 't', y: 'value', r: 1.6, fill: colour }),
    // Numbers stand beside the end on A and beside the start on B, where the other side's would cover them.
    text(side === 'a' ? values.slice(0, 1) : values.slice(-1), {
      x: 't',
      y: 'value',
      text: () => String(point),
      dx: side === 'a' ? -7 : 7,
      fill: colour,
      fontWeight: 600,
    }),
  ];
}

/** An element that is in no document yet. */
export function drawChart(chart: Chart, look: ChartLook): SVGSVGElement {
  const { width, height, marginLeft, marginRight, colours } = look;
  const axis = { fill: colours.label, tickSize: 0, label: null };
  const svg = plot({
    width,
    height,
    marginLeft,
    marginRight,
    marginTop,
    marginBottom,
    className: 'chart',
    style: { background: 'none', color: colours.label, fontSize: '11px' },
    x: { domain: [0, 1] },
    y: { domain: valueRange(chart), nice: chart.plot === 'deviation' ? valueTicks - 2 : false },
    marks: [
      gridY({ ticks: valueTicks, stroke: colours.grid, strokeOpacity: 1 }),
      chart.plot === 'deviation' ? ruleY([0], { stroke: colours.grid }) : null,
      axisY({ ...axis, ticks: valueTicks, tickPadding: tickPaddings[chart.shape] }),
      axisX({ ...axis, ticks: timeTicks, tickFormat: timeText, tickPadding: 6 }),
      ...chart.series.flatMap((series) =>
        chart.shape === 'step' ? stepMarks(series, look) : lineMarks(series, look),
      ),
    ],
  }) as SVGSVGElement;
  // The page's policy forbids inline style elements; plot.css says what this one would.
  svg.querySelector('style')?.remove();
  return svg;
}
