import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureStraightness } from './straightness.ts';

const path = (values: readonly (readonly number[])[], times: readonly number[]) => ({
  latents: values.map((row) => Float32Array.from(row)),
  times,
});

describe('straightness', () => {
  it('is 0 for a straight path at even pace, whatever the steps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }),
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 5 }),
        (durations, ends) => {
          const total = durations.reduce((sum, duration) => sum + duration, 0);
          const times = [0];
          for (const duration of durations) times.push(times.at(-1)! + duration / total);
          const latents = times.map((t) => ends.map((end, k) => k + t * (end + 0.5)));
          // Float32 latents of up to 100 over steps of at least 1e-3: velocities are good to 1e-2.
          expect(measureStraightness(path(latents, times)).normalised).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('of a detour, by hand', () => {
    // (0,0) -> (1,1) -> (2,0): Z1 - Z0 = (2,0), mean square 2; velocities (2,2) and (2,-2), deviations (0+4)/2.
    const { intervals, absolute, normalised } = measureStraightness(
      path(
        [
          [0, 0],
          [1, 1],
          [2, 0],
        ],
        [0, 0.5, 1],
      ),
    );
    expect(intervals.map(({ deviation }) => deviation)).toEqual([2, 2]);
    expect(intervals.map(({ normalisedDeviation }) => normalisedDeviation)).toEqual([1, 1]);
    expect([absolute, normalised]).toEqual([2, 1]);
  });

  it('of a straight line at uneven pace, weighted by duration', () => {
    // 0 -> 3 in a quarter, 3 -> 4 in the rest: v = 12 and 4/3, Z1 - Z0 = 4: (8^2)/4 + (8/3)^2 * 3/4 = 64/3.
    const { absolute, normalised } = measureStraightness(path([[0], [3], [4]], [0, 0.25, 1]));
    expect(absolute).toBeCloseTo(64 / 3, 10);
    expect(normalised).toBeCloseTo(4 / 3, 10);
  });

  it('maps the range of times to [0, 1], and lets a repeated time replace', () => {
    const plain = measureStraightness(path([[0], [3], [4]], [0, 0.25, 1]));
    const shifted = measureStraightness(path([[0], [9], [3], [4]], [0.2, 0.4, 0.4, 1]));
    expect(shifted.intervals.map(({ start }) => start)).toEqual([0, expect.closeTo(0.25, 10)]);
    expect(shifted.absolute).toBeCloseTo(plain.absolute, 10);
  });

  it('of one interval is 0, and of a path that goes nowhere NaN', () => {
    expect(measureStraightness(path([[1], [5]], [0, 1])).absolute).toBe(0);
    expect(measureStraightness(path([[1], [5], [1]], [0, 0.5, 1])).normalised).toBe(Number.POSITIVE_INFINITY);
    expect(measureStraightness(path([[1], [1]], [0, 1])).normalised).toBeNaN();
  });

  it.each([
    ['one latent', [[1]], [0]],
    ['a missing time', [[1], [2]], [0]],
    ['sizes that differ', [[1], [2, 3]], [0, 1]],
    ['no values', [[], []], [0, 1]],
    ['falling times', [[1], [2], [3]], [0, 0.6, 0.5]],
    ['no duration', [[1], [2]], [1, 1]],
    ['a time that is no number', [[1], [2]], [0, Number.NaN]],
  ])('refuses %s', (_what, values, times) => {
    expect(() => measureStraightness(path(values, times))).toThrow(
      expect.objectContaining({ code: 'argument-invalid', subject: 'path' }),
    );
  });
});
