import { describe, expect, it } from 'vitest';
import { gaussianNoise } from '../core/noise.ts';
import { blendLinearly, blendSpherically } from './blend.ts';

const a = gaussianNoise(1024, { seed: 1 });
const b = gaussianNoise(1024, { seed: 2 });
const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
/** Largest difference over the largest value: float32 rounds at 6e-8, a blend rounds thrice. */
const difference = (x: Float32Array, y: Float32Array) =>
  Math.max(...x.map((value, i) => Math.abs(value - y[i]!))) / Math.max(...y.map(Math.abs));

describe('a linear blend', () => {
  it('is one or the other at its ends and the mean half-way', () => {
    expect(blendLinearly(a, b, 0)).toEqual(a);
    expect(blendLinearly(a, b, 1)).toEqual(b);
    expect(
      difference(
        blendLinearly(a, b, 0.5),
        a.map((value, i) => (value + b[i]!) / 2),
      ),
    ).toBeLessThan(2e-7);
  });
});

describe('a spherical blend', () => {
  it('is one or the other at its ends', () => {
    expect(difference(blendSpherically(a, b, 0), a)).toBeLessThan(2e-7);
    expect(difference(blendSpherically(a, b, 1), b)).toBeLessThan(2e-7);
  });

  it('keeps the length of noise, which a linear blend loses', () => {
    const between = [length(a), length(b)].sort((x, y) => x - y);
    for (const weight of [0.25, 0.5, 0.75]) {
      const blended = length(blendSpherically(a, b, weight));
      expect(blended).toBeGreaterThan(0.99 * between[0]!);
      expect(blended).toBeLessThan(1.01 * between[1]!);
    }
    expect(length(blendLinearly(a, b, 0.5))).toBeLessThan(0.8 * between[0]!);
  });

  it('goes round at an even pace: half-way, both are equally far', () => {
    const unit = (values: Float32Array) => values.map((value) => value / length(values));
    const [half, from, to] = [blendSpherically(unit(a), unit(b), 0.5), unit(a), unit(b)];
    const cosine = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(cosine(half, from)).toBeCloseTo(cosine(half, to), 6);
  });

  it('of parallel values is linear, not a division by zero', () => {
    expect(difference(blendSpherically(a, a, 0.3), a)).toBeLessThan(2e-7);
    const doubled = a.map((value) => 2 * value);
    expect(
      difference(
        blendSpherically(a, doubled, 0.5),
        a.map((value) => 1.5 * value),
      ),
    ).toBeLessThan(2e-7);
  });
});
