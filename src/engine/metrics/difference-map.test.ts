import { describe, expect, it } from 'vitest';
import { differenceMap } from './difference-map.ts';

const picture = (pixels: readonly number[][]) => ({
  width: 2,
  height: pixels.length / 2,
  rgba: Uint8ClampedArray.from(pixels.flatMap((rgb) => [...rgb, 255])),
});
const black = [0, 0, 0];

describe('a difference map', () => {
  it('has the mean difference of the colours of each pixel, alpha left out', () => {
    const a = picture([black, black, [255, 255, 255], [10, 20, 30]]);
    const b = picture([black, [255, 0, 0], black, [13, 20, 27]]);
    const { values, mean, largest } = differenceMap(a, b);
    const expected = [0, 1 / 3, 1, 6 / 765];
    // float32 rounds at 6e-8.
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6);
    expect(mean).toBeCloseTo((1 / 3 + 1 + 6 / 765) / 4, 12);
    expect(largest).toBe(1);
  });

  it('is zero for equal pictures, whatever their alpha', () => {
    const a = picture([black, [1, 2, 3]]);
    const b = { ...a, rgba: a.rgba.map((value, i) => (i % 4 === 3 ? 0 : value)) };
    expect(differenceMap(a, b)).toMatchObject({ mean: 0, largest: 0 });
  });

  it('wants one size', () => {
    expect(() => differenceMap(picture([black, black]), picture([black, black, black, black]))).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    );
  });
});
