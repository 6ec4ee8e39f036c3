/** A chart's numbers as rows: for its table, and as a CSV file. Pure. */
import type { SideName } from '../state/side.ts';
import type { Chart, ChartSeries } from '../state/trajectory-chart.ts';

export interface ChartRow {
  readonly t: number;
  /** One per series, in the chart's order; null where a series has no value at this time. */
  readonly values: readonly (number | null)[];
}

/** One row a time at which any series has a value, from noise to picture. */
export function chartRows({ series }: Chart): ChartRow[] {
  const times = new Set(series.flatMap(({ values }) => values.map(({ t }) => timeKey(t))));
  return [...times]
    .sort((a, b) => a - b)
    .map((t) => ({
      t,
      values: series.map(({ values }) => values.find((value) => timeKey(value.t) === t)?.value ?? null),
    }));
}

/** Times of both sides that are equal but for rounding are one: 3/5 and 0.6. */
const timeKey = (t: number): number => Number(t.toFixed(9));

/** 'A', or 'A 2' for the second traced point. */
export function seriesName({ side, point }: Pick<ChartSeries, 'side' | 'point'>): string {
  return point === 0 ? side.toUpperCase() : `${side.toUpperCase()} ${point}`;
}

export interface DescribedSide {
  readonly model: string;
  readonly steps: number;
}

const csvHeader = ['plot', 'side', 'model', 'steps', 'point', 'line', 't', 'value'];

/** RFC 4180, one value a line; the straight references are lines of their own, 'chord'. */
export function chartCsv(chart: Chart, sides: Readonly<Record<SideName, DescribedSide>>): string {
  const rows = chart.series.flatMap(({ side, point, values, chord }) => {
    const { model, steps } = sides[side];
    const row = (line: string) => (value: { readonly t: number; readonly value: number }) => [
      chart.plot,
      side.toUpperCase(),
      model,
      steps,
      point || '',
      line,
      timeKey(value.t),
      value.value,
    ];
    return [...values.map(row('path')), ...chord.map(row('chord'))];
  });
  return `${[csvHeader, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`;
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
