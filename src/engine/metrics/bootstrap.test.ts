import { describe, expect, it } from 'vitest';
import { gaussianNoise } from '../core/noise.ts';
import { bootstrapInterval, bootstrapMean } from './bootstrap.ts';

describe('the bootstrap', () => {
  it('gives a normal mean’s interval: 1.96 s / sqrt(n) to either side', () => {
    const values = [...gaussianNoise(400, { seed: 9 })];
    const { estimate, low, high, level } = bootstrapMean(values, { resamples: 4000 });
    const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - estimate) ** 2, 0) / values.length);
    const half = (1.96 * spread) / Math.sqrt(values.length);
    expect(level).toBe(0.95);
    // 4,000 resamples place a 2.5 % quantile to about 4 % of its distance.
    expect(Math.abs((estimate - low) / half - 1)).toBeLessThan(0.12);
    expect(Math.abs((high - estimate) / half - 1)).toBeLessThan(0.12);
  });

  it('holds the truth about as often as it says', () => {
    let hits = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { low, high } = bootstrapMean([...gaussianNoise(40, { seed })], {
        resamples: 200,
        level: 0.8,
        seed,
      });
      if (low <= 0 && 0 <= high) hits++;
    }
    // Binomial(200, 0.8) within four standard deviations; the percentile bootstrap covers a little less.
    expect(hits).toBeGreaterThan(135);
    expect(hits).toBeLessThan(183);
  });

  it('is the same for the same seed, and another for another', () => {
    const values = [...gaussianNoise(30, { seed: 4 })];
    expect(bootstrapMean(values, { seed: 5 })).toEqual(bootstrapMean(values, { seed: 5 }));
    expect(bootstrapMean(values, { seed: 5 })).not.toEqual(bootstrapMean(values, { seed: 6 }));
  });

  it('resamples any statistic: every index occurs', () => {
    const seen = new Set<number>();
    const { estimate } = bootstrapInterval(
      5,
      (indices) => {
        for (const i of indices) seen.add(i);
        return Math.max(...indices);
      },
      { resamples: 50 },
    );
    expect(estimate).toBe(4);
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('of equal values has no width', () => {
    expect(bootstrapMean([3, 3, 3])).toMatchObject({ estimate: 3, low: 3, high: 3 });
  });

  it.each([
    [[], {}],
    [[1], { resamples: 1 }],
    [[1], { level: 1 }],
    [[1], { level: 0 }],
  ])('refuses %j with %j', (values, options) => {
    expect(() => bootstrapMean(values, options)).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    );
  });
});
