/** Pinned against NumPy 1.24, which the originals call; all N from 1 to 1000 agreed when this was written. */
import { describe, expect, it } from 'vitest';
import {
  fractionalTimesteps,
  roundHalfToEven,
  solverTimesteps,
  timestepSpacings,
  wholeTimesteps,
} from './timestep-spacing.ts';

describe('timesteps', () => {
  it.each([
    ['leading', 4, [751, 501, 251, 1]],
    ['leading', 3, [667, 334, 1]],
    ['linspace', 4, [999, 666, 333, 0]],
    ['linspace', 1, [0]],
    ['trailing', 4, [999, 749, 499, 249]],
    ['trailing', 3, [999, 666, 332]],
  ] as const)('whole, %s, N = %d', (spacing, stepCount, timesteps) => {
    expect(wholeTimesteps(spacing, 1000, stepCount, 1)).toEqual(timesteps);
  });

  it.each([
    ['leading', 4, [801, 601, 401, 201]],
    ['linspace', 4, [999, 749, 500, 250]],
    ['trailing', 4, [999, 749, 499, 249]],
  ] as const)('of solvers, %s, N = %d', (spacing, stepCount, timesteps) => {
    expect(solverTimesteps(spacing, 1000, stepCount, 1)).toEqual(timesteps);
  });

  it('stay fractional for Euler with linspace, in float32', () => {
    expect(fractionalTimesteps('linspace', 1000, 25, 1).slice(0, 2)).toEqual([999, 957.375]);
    expect(fractionalTimesteps('linspace', 1000, 8, 1)[1]).toBe(Math.fround((999 * 6) / 7));
  });

  it('round halves to even: 62.5 a step with N = 16', () => {
    expect([2.5, 3.5, 0.5, 2.4999, 2.5001].map(roundHalfToEven)).toEqual([2, 4, 0, 2, 3]);
    expect(wholeTimesteps('trailing', 1000, 16, 0).slice(0, 5)).toEqual([999, 937, 874, 811, 749]);
  });

  it('are N for every N, trailing included, where NumPy’s arange gives one more (N = 61)', () => {
    for (const spacing of timestepSpacings) {
      for (let stepCount = 1; stepCount <= 1000; stepCount++) {
        const timesteps = wholeTimesteps(spacing, 1000, stepCount, 0);
        expect(timesteps.length).toBe(stepCount);
        expect(timesteps.at(-1)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('end where lambda is clipped', () => {
    expect(solverTimesteps('linspace', 1000, 4, 0, 873)).toEqual([872, 654, 436, 218]);
    expect(solverTimesteps('leading', 1000, 4, 0, 873)).toEqual([696, 522, 348, 174]);
    expect(solverTimesteps('trailing', 1000, 4, 0, 873)).toEqual([872, 622, 372, 122]);
    expect(solverTimesteps('trailing', 1000, 10, 0, 873).length).toBe(9);
  });
});
