import { describe, expect, it } from 'vitest';
import { applyGuidance, needsGuidance } from './guidance.ts';

describe('guidance', () => {
  it.each([
    [0, false],
    [0.5, false],
    [1, false],
    [1.0001, true],
    [7.5, true],
    [Number.NaN, false],
  ])('at %d is needed: %s', (scale, needed) => {
    expect(needsGuidance(scale)).toBe(needed);
  });

  it('goes from the negative through the conditional and beyond', () => {
    const negative = Float32Array.of(1, -2, 0);
    const conditional = Float32Array.of(2, -1, 0.5);
    expect([...applyGuidance(negative, conditional, 1)]).toEqual([2, -1, 0.5]);
    expect([...applyGuidance(negative, conditional, 3)]).toEqual([4, 1, 1.5]);
    expect([...negative, ...conditional]).toEqual([1, -2, 0, 2, -1, 0.5]);
  });

  it('refuses outputs of different sizes and scales that are no numbers', () => {
    const refused = expect.objectContaining({ code: 'argument-invalid' });
    expect(() => applyGuidance(new Float32Array(2), new Float32Array(3), 2)).toThrow(refused);
    expect(() => applyGuidance(new Float32Array(2), new Float32Array(2), Number.POSITIVE_INFINITY)).toThrow(
      refused,
    );
  });
});
