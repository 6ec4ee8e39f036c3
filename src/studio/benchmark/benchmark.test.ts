import { describe, expect, it } from 'vitest';
import { drawResult, request } from '../test/sample-runs.ts';
import { benchmarkSide, median, summarise } from './benchmark.ts';

const result = (textMs: number, stepMs: readonly number[], decodeMs: number, loadMs = 0) => {
  const totalMs = textMs + decodeMs + stepMs.reduce((sum, value) => sum + value, 0);
  return { result: drawResult({ timings: { textMs, stepMs, decodeMs, totalMs }, loadMs }), tabHidden: false };
};

describe('a benchmark', () => {
  it('tells the cold run from the warm ones, stage by stage', () => {
    const side = benchmarkSide('b', '2-RF-nano', request({ stepCount: 2 }), [
      result(90, [400, 100], 80, 700),
      result(10, [20, 40], 8),
      result(14, [20, 20], 6),
      result(12, [50, 50], 7),
    ]);
    expect(side.cold.loadMs).toBe(700);
    const stages = Object.fromEntries(summarise(side).map((stage) => [stage.stage, stage]));
    expect(stages.text).toMatchObject({ coldMs: 90, medianMs: 12, leastMs: 10, mostMs: 14 });
    expect(stages.network).toMatchObject({ coldMs: 250, warmMs: [30, 20, 50], medianMs: 30 });
    expect(stages.total).toMatchObject({ coldMs: 670, medianMs: 78 });
  });

  it('records what else was set: the decoder, and files that act', () => {
    const adapters = [
      { id: 'a', strength: 0.5 },
      { id: 'b', strength: 0 },
    ];
    const draws = [result(1, [1], 1)] as const;
    expect(benchmarkSide('a', 'M', request({ decoding: 'fast', adapters }), [...draws])).toMatchObject({
      decoding: 'fast',
      adapterStrengths: [0.5],
    });
    expect(benchmarkSide('a', 'M', request({}), [...draws])).toMatchObject({
      decoding: 'full',
      adapterStrengths: [],
    });
  });

  it.each([
    [[3], 3],
    [[1, 9, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[], Number.NaN],
  ])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected));
});
