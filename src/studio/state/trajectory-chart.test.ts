import { describe, expect, it } from 'vitest';
import { doneSide, drawStep, picture, runningSide } from '../test/sample-runs.ts';
import { restingPlayhead } from './playhead.ts';
import { idleSide, type SideRun } from './side.ts';
import {
  addPoint,
  type Chart,
  changePoint,
  chartOf,
  initialTraces,
  isEmptyChart,
  mostPoints,
  type PlotKind,
  pointsShown,
  removePoint,
  valueAt,
  valueRange,
} from './trajectory-chart.ts';

const left = { x: 0, y: 0, channel: 0 };
const right = { x: 0.99, y: 0.99, channel: 7 };
const chart = (plot: PlotKind, b: SideRun, a: SideRun = idleSide): Chart =>
  chartOf({ a, b }, { plot, points: [left, right] });
const ofB = ({ series }: Chart) => series.filter(({ side }) => side === 'b');

describe('deviations', () => {
  it('are a value an evaluation, of each side', () => {
    const { shape, series } = chart('deviation', doneSide(), doneSide({}, { stepCount: 1 }));
    expect(shape).toBe('step');
    expect(series.map(({ side, values }) => `${side} ${values.length}`)).toEqual(['a 1', 'b 4']);
    expect(series[1]!.values[2]).toEqual({ t: 0.5, value: 0.1 });
  });

  it('grow with a run, and begin where the path does', () => {
    expect(ofB(chart('deviation', runningSide(3)))[0]!.values).toHaveLength(3);
    const late = runningSide(4);
    const shifted = { ...late, start: { ...late.start!, time: 0.2 } };
    expect(ofB(chart('deviation', shifted))[0]!.values.map(({ t }) => t)).toEqual([
      0.2,
      expect.closeTo(0.4),
      expect.closeTo(0.6),
      expect.closeTo(0.8),
    ]);
  });
});

describe('traces of latents', () => {
  it('follow each chosen value, with the chord from noise to picture', () => {
    const [first, second] = ofB(chart('latents', doneSide()));
    expect(first!.values).toEqual([0, 0.25, 0.5, 0.75, 1].map((t) => ({ t, value: t })));
    expect(second!.values).toEqual([0, 0.25, 0.5, 0.75, 1].map((t) => ({ t, value: 4 - 4 * t })));
    expect(second!.chord).toEqual([
      { t: 0, value: 4 },
      { t: 1, value: 0 },
    ]);
  });

  it('of a run under way reach as far as it does; the chord goes to what it predicts', () => {
    const moving = runningSide(1);
    const predicted = { ...drawStep(1, 4), endpoint: Float32Array.of(8, 9) };
    const [first] = ofB(chart('latents', { ...moving, steps: [...moving.steps, predicted] }));
    expect(first!.values).toHaveLength(3);
    expect(first!.chord[1]).toEqual({ t: 1, value: 8 });
    expect(ofB(chart('latents', runningSide(0)))[0]!.chord).toEqual([]);
  });
});

describe('traces of pixels', () => {
  it('follow the brightness of the decoded end points, with the level that a straight path would have', () => {
    const [first] = ofB(chart('pixels', doneSide()));
    expect(first!.values.map(({ value }) => Math.round(value))).toEqual([200, 201, 202, 203, 255]);
    expect(first!.chord).toEqual([0, 1].map((t) => ({ t, value: expect.closeTo(255) })));
  });

  it('weigh green most and blue least', () => {
    const rgba = new Uint8ClampedArray([0, 255, 0, 255, 0, 0, 255, 255]);
    const coloured = doneSide({ picture: { width: 2, height: 1, rgba } });
    const [first, second] = ofB(chart('pixels', coloured));
    expect(first!.chord[0]!.value).toBeCloseTo(182.4, 1);
    expect(second!.chord[0]!.value).toBeCloseTo(18.4, 1);
  });

  it('leave out what is not decoded, and the picture of the draw before', () => {
    const { steps } = runningSide(2);
    const [known, unknown] = [steps[0]!, { ...steps[1]!, endpointPicture: undefined }];
    const again: SideRun = { ...runningSide(0), steps: [known, unknown], previous: picture(9) };
    expect(ofB(chart('pixels', again))[0]!.values).toEqual([{ t: 0, value: expect.closeTo(200) }]);
  });
});

describe('a chart', () => {
  it('is empty before anything was drawn, with an axis all the same', () => {
    for (const plot of ['deviation', 'latents', 'pixels'] as const) {
      const empty = chartOf({ a: idleSide, b: idleSide }, { ...initialTraces, plot });
      expect(isEmptyChart(empty)).toBe(true);
      const [low, high] = valueRange(empty);
      expect(low).toBeLessThan(high);
    }
  });

  it('has an axis around its values and chords', () => {
    expect(valueRange(chart('latents', doneSide()))).toEqual([0, 4]);
    expect(valueRange(chart('pixels', doneSide()))).toEqual([200, 255].map((end) => expect.closeTo(end)));
    const [low, high] = valueRange(chart('deviation', doneSide()));
    expect([low, high]).toEqual([0, 0.1]);
  });

  it('tells the value that holds at a time', () => {
    const series = ofB(chart('latents', doneSide()))[0]!;
    expect([0, 0.3, 0.5, 1].map((t) => valueAt(series, t))).toEqual([0, 0.25, 0.5, 1]);
    expect(valueAt({ ...series, values: [] }, 0.5)).toBeNull();
  });
});

describe('points', () => {
  const { points } = initialTraces;
  it('stay inside the picture and in a channel', () => {
    expect(changePoint(points, 1, { x: 7, y: -1, channel: -2 })[1]).toEqual({ x: 0.999, y: 0, channel: 0 });
    expect(changePoint(points, 1, { x: 0.1 })[0]).toBe(points[0]);
  });

  it('are one to four', () => {
    let many = points;
    for (let i = 0; i < 9; i++) many = addPoint(many);
    expect(many).toHaveLength(mostPoints);
    for (const { x, y } of many) expect(Math.max(x, y)).toBeLessThan(1);
    for (let i = 0; i < 9; i++) many = removePoint(many, 0);
    expect(many).toHaveLength(1);
  });

  it('are marked in the pictures while they are chosen or their plot is pointed at', () => {
    const peek = { side: null, view: 'path', share: 0.5 } as const;
    expect(pointsShown({ ...initialTraces, picking: true }, restingPlayhead)).toBe(false);
    const latents = { ...initialTraces, plot: 'latents' } as const;
    expect(pointsShown(latents, restingPlayhead)).toBe(false);
    expect(pointsShown({ ...latents, picking: true }, restingPlayhead)).toBe(true);
    expect(pointsShown(latents, { ...restingPlayhead, peek })).toBe(true);
    expect(pointsShown(latents, { ...restingPlayhead, peek: { ...peek, side: 'a' } })).toBe(false);
  });
});
