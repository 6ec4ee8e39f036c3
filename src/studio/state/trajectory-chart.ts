/** What the plots under the filmstrips show, from the runs of both sides: series of numbers against path time. Pure. */
import type { Picture } from '../../worker/protocol.ts';
import type { Playhead } from './playhead.ts';
import { type SideName, type SideRun, sideNames } from './side.ts';
import { frameOf, lastFrame, pathTimes, type Sides } from './trajectory.ts';

export type PlotKind = 'deviation' | 'latents' | 'pixels';

/** A place whose value is followed: of the latents in one channel, of the end points in brightness. */
export interface TracePoint {
  /** From the left and from the top, 0 to 1 (1 itself not). */
  readonly x: number;
  readonly y: number;
  /** Of the latents. */
  readonly channel: number;
}

export interface TraceChoice {
  readonly plot: PlotKind;
  /** 1 to `mostPoints`. */
  readonly points: readonly TracePoint[];
  /** Whether the points are being chosen: the pictures show where they are. */
  readonly picking: boolean;
}

export const mostPoints = 4;

export const initialTraces: TraceChoice = {
  plot: 'deviation',
  picking: false,
  points: [
    { x: 0.5, y: 0.5, channel: 0 },
    { x: 0.56, y: 0.14, channel: 1 },
    { x: 0.24, y: 0.76, channel: 2 },
  ],
};

/** The points with one of them changed, kept inside the picture. */
export function changePoint(
  points: readonly TracePoint[],
  at: number,
  change: Partial<TracePoint>,
): readonly TracePoint[] {
  const within = (share: number): number => Math.min(Math.max(share, 0), 0.999);
  return points.map((point, i) => {
    if (i !== at) return point;
    const { x, y, channel } = { ...point, ...change };
    return { x: within(x), y: within(y), channel: Math.max(0, Math.round(channel)) };
  });
}

/** The points with one more beside the last one; the same where there are enough. */
export function addPoint(points: readonly TracePoint[]): readonly TracePoint[] {
  if (points.length >= mostPoints) return points;
  const { x = 0.5, y = 0.5, channel = -1 } = points.at(-1) ?? {};
  return [...points, { x: (x + 0.2) % 1, y: (y + 0.3) % 1, channel: channel + 1 }];
}

/** The points without one of them; the last one stays. */
export function removePoint(points: readonly TracePoint[], at: number): readonly TracePoint[] {
  return points.length <= 1 ? points : points.filter((_, i) => i !== at);
}

/** Whether the squares mark the points: while they are chosen, and while their plot is pointed at. */
export function pointsShown({ plot, picking }: TraceChoice, { peek }: Playhead): boolean {
  return plot !== 'deviation' && (picking || (peek !== null && peek.side === null));
}

export interface ChartValue {
  readonly t: number;
  readonly value: number;
}

export interface ChartSeries {
  readonly side: SideName;
  /** Number of the traced point, from 1; 0 where a side has one series. */
  readonly point: number;
  readonly values: readonly ChartValue[];
  /** What a straight path would have: two ends, or none while that isn't known. */
  readonly chord: readonly ChartValue[];
}

export interface Chart {
  readonly plot: PlotKind;
  /** A value holds until the next one (of an evaluation), or is one of a line's. */
  readonly shape: 'step' | 'line';
  readonly series: readonly ChartSeries[];
}

/** Whether anything is to be seen yet. */
export const isEmptyChart = ({ series }: Chart): boolean => series.every(({ values }) => values.length === 0);

export function chartOf(sides: Sides, { plot, points }: Pick<TraceChoice, 'plot' | 'points'>): Chart {
  const series = sideNames.flatMap((name): ChartSeries[] => {
    const side = sides[name];
    if (plot === 'deviation') return [deviationSeries(side, name)];
    return points.map((point, i) => {
      const traced = plot === 'latents' ? tracedLatent(side, point) : tracedPixel(side, point);
      return { side: name, point: i + 1, ...traced };
    });
  });
  return { plot, shape: plot === 'deviation' ? 'step' : 'line', series };
}

/**
 * Deviations by evaluation; while a run goes on they are those of a path that went straight on from here.
 * A straight path has none, so there is no chord beside them.
 */
function deviationSeries(side: SideRun, name: SideName): ChartSeries {
  const { straightness } = side.steps.at(-1) ?? {};
  const [begin = 0] = pathTimes(side);
  const values = (straightness?.starts ?? []).map((start, i) => ({
    t: begin + start * (1 - begin),
    value: straightness?.deviations[i] ?? 0,
  }));
  return { side: name, point: 0, values, chord: [] };
}

type Traced = Pick<ChartSeries, 'values' | 'chord'>;

/** One latent along the path; its chord ends in the predicted end point until the path does. */
function tracedLatent(side: SideRun, { x, y, channel }: TracePoint): Traced {
  if (side.start === null) return { values: [], chord: [] };
  const { channels, width, height, values: noise } = side.start.latents;
  const at =
    (Math.min(channel, channels - 1) * height + Math.floor(y * height)) * width + Math.floor(x * width);
  const values: ChartValue[] = [{ t: side.start.time, value: noise[at] ?? 0 }];
  for (const { time, latents } of side.steps) {
    if (latents !== undefined) values.push({ t: time, value: latents[at] ?? 0 });
  }
  const end = side.steps.at(-1)?.endpoint?.[at];
  return { values, chord: end === undefined ? [] : [values[0]!, { t: 1, value: end }] };
}

/** Brightness of one pixel in the end points that are decoded; on a straight path all are the picture's. */
function tracedPixel(side: SideRun, point: TracePoint): Traced {
  const last = lastFrame(side);
  const times = pathTimes(side);
  const values: ChartValue[] = [];
  for (const [i, t] of times.entries()) {
    const picture = frameOf(side, 'endpoint', i);
    // A run under way has a picture of an earlier draw at most.
    if (picture === null || (i >= last && side.status !== 'done')) continue;
    values.push({ t, value: brightnessAt(picture, point) });
  }
  const [begin] = times;
  const picture = side.status === 'done' ? side.result?.picture : undefined;
  if (picture === undefined || begin === undefined) return { values, chord: [] };
  const value = brightnessAt(picture, point);
  return {
    values,
    chord: [
      { t: begin, value },
      { t: 1, value },
    ],
  };
}

/** Luma as ITU-R BT.709 weighs it, 0 to 255. */
function brightnessAt({ width, height, rgba }: Picture, { x, y }: TracePoint): number {
  const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
  return 0.2126 * rgba[at]! + 0.7152 * rgba[at + 1]! + 0.0722 * rgba[at + 2]!;
}

/** A series' value at a time: of the evaluation under way, or of the state reached last; null before the first. */
export function valueAt({ values }: ChartSeries, t: number): number | null {
  return values.findLast((value) => value.t <= t + 1e-9)?.value ?? null;
}

const emptyRanges: Readonly<Record<PlotKind, readonly [number, number]>> = {
  deviation: [0, 0.1],
  latents: [-1, 1],
  pixels: [0, 255],
};

/** Ends of the value axis; deviations begin at zero, and an empty chart has an axis all the same. */
export function valueRange({ plot, series }: Chart): readonly [number, number] {
  const values = series.flatMap((one) => [...one.values, ...one.chord].map(({ value }) => value));
  if (values.length === 0) return emptyRanges[plot];
  const highest = values.reduce((most, value) => Math.max(most, value));
  if (plot === 'deviation') return [0, highest > 0 ? highest : 0.1];
  const lowest = values.reduce((least, value) => Math.min(least, value));
  return lowest < highest ? [lowest, highest] : [lowest - 1, highest + 1];
}
