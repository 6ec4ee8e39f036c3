import { describe, expect, it } from 'vitest';
import { doneSide, runningSide } from '../test/sample-runs.ts';
import { compareTimes } from './comparison.ts';
import { idleSide } from './side.ts';

const times = (drawingMs: number, textMs = 0) => ({
  timings: { textMs, stepMs: [1], decodeMs: 1, totalMs: drawingMs + textMs },
});

describe('a ratio of times', () => {
  it('is slower over faster, with the faster side named', () => {
    expect(compareTimes(doneSide(times(20)), doneSide(times(280)))).toEqual({
      kind: 'ratio',
      factor: 14,
      faster: 'a',
      temperature: 'warm',
    });
    expect(compareTimes(doneSide(times(30)), doneSide(times(10)))).toMatchObject({ factor: 3, faster: 'b' });
  });

  it('leaves out the text, which the first side encodes for both', () => {
    expect(compareTimes(doneSide(times(20, 100)), doneSide(times(100, 0.1)))).toMatchObject({
      factor: expect.closeTo(5, 6),
      faster: 'a',
    });
  });

  it('says when both ran cold', () => {
    const comparison = compareTimes(
      doneSide({ ...times(20), cold: true }),
      doneSide({ ...times(40), cold: true }),
    );
    expect(comparison).toMatchObject({ kind: 'ratio', temperature: 'cold' });
  });

  it.each([
    ['nothing', idleSide, idleSide, /Nothing measured/],
    ['A alone', doneSide(), runningSide(2), /B did not finish/],
    ['B alone', idleSide, doneSide(), /A did not finish/],
    ['cold and warm', doneSide({ cold: true }), doneSide(), /A ran cold and B warm/],
    ['warm and cold', doneSide(), doneSide({ cold: true }), /B ran cold and A warm/],
    ['two backends', doneSide({ backend: 'wasm' }), doneSide(), /different backends/],
    [
      'two precisions',
      doneSide({ variant: { attention: 'fused', dtype: 'f16' } }),
      doneSide(),
      /different backends/,
    ],
    ['times of zero', doneSide(times(0)), doneSide(), /Too quick/],
  ])('is not given for %s, and the reason is', (_, a, b, reason) => {
    expect(compareTimes(a, b)).toEqual({ kind: 'none', reason: expect.stringMatching(reason) });
  });
});
