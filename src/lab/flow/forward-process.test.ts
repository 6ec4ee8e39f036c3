import { describe, expect, it } from 'vitest';
import { alphaBars, beta, forwardSteps, walkForward } from './forward-process.ts';
import { interpolations } from './interpolation.ts';
import { createRandom } from './random.ts';

describe("DDPM's forward process", () => {
  it('has the published schedule: β from 1e-4 to 0.02, ᾱ from 1 down to 4e-5', () => {
    expect(beta(1)).toBe(1e-4);
    expect(beta(forwardSteps)).toBeCloseTo(0.02, 12);
    const values = alphaBars();
    expect(values[0]).toBe(1);
    expect(values[forwardSteps]).toBeCloseTo(4.04e-5, 6);
    expect(values.every((value, k) => k === 0 || value < values[k - 1]!)).toBe(true);
  });

  it('walked step by step has the mean and the variance of the closed form', () => {
    const data = new Float32Array(4000).fill(2);
    const states = walkForward(data, 100, createRandom(3, 0));
    const values = alphaBars();
    expect(states).toHaveLength(11);
    for (const [k, state] of states.entries()) {
      const mean = state.reduce((sum, value) => sum + value, 0) / state.length;
      const variance = state.reduce((sum, value) => sum + (value - mean) ** 2, 0) / state.length;
      const alphaBar = values[100 * k]!;
      // 4000 values: 4 standard errors of a mean are 0.063, of a variance 0.09.
      expect(Math.abs(mean - 2 * Math.sqrt(alphaBar))).toBeLessThan(0.063);
      expect(Math.abs(variance - (1 - alphaBar))).toBeLessThan(0.09);
    }
  });
});

describe('interpolations', () => {
  it('end at the ends, start at the starts (diffusion within 1 %), and have their own derivative', () => {
    for (const [kind, mixture] of Object.entries(interpolations)) {
      expect(mixture(0).start, kind).toBeCloseTo(1, 3);
      expect(mixture(0).end, kind).toBeLessThan(0.01);
      expect(mixture(1).end, kind).toBeCloseTo(1, 2);
      for (const t of [0.1, 0.4, 0.7, 0.9]) {
        const h = 1e-5;
        const [before, after] = [mixture(t - h), mixture(t + h)];
        expect((after.end - before.end) / (2 * h) / mixture(t).endRate, kind).toBeCloseTo(1, 4);
        expect((after.start - before.start) / (2 * h) / mixture(t).startRate, kind).toBeCloseTo(1, 4);
      }
    }
  });

  it("diffusion's preserves variance", () => {
    for (const t of [0, 0.3, 0.6, 1]) {
      const { start, end } = interpolations.diffusion(t);
      expect(start ** 2 + end ** 2).toBeCloseTo(1, 12);
    }
  });
});
