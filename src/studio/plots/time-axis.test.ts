import { describe, expect, it } from 'vitest';
import { axisTicks, tickStep } from './time-axis.ts';

describe('axis ticks', () => {
  it.each([
    [4.33, [0, 1, 2, 3, 4]],
    [0.233, [0, 0.05, 0.1, 0.15, 0.2]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [12, [0, 5, 10]],
    [0.017, [0, 0.005, 0.01, 0.015]],
  ])('below %d are round', (maximum, ticks) => expect(axisTicks(maximum, 4)).toEqual(ticks));

  it('never outnumber what was wanted by far, over eight decades', () => {
    for (let maximum = 1e-5; maximum < 1e3; maximum *= 1.37) {
      const ticks = axisTicks(maximum, 4);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.at(-1)!).toBeLessThanOrEqual(maximum * (1 + 1e-9));
    }
  });

  it('are zero alone on an empty axis', () => {
    expect(axisTicks(0, 4)).toEqual([0]);
    expect(axisTicks(Number.NaN, 4)).toEqual([0]);
  });

  it('are a step apart that is 1, 2 or 5 times a power of ten', () => {
    expect([tickStep(4, 4), tickStep(6, 4), tickStep(17, 4), tickStep(30, 4)]).toEqual([1, 2, 5, 10]);
  });
});
