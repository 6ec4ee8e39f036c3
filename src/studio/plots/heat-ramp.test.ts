import { describe, expect, it } from 'vitest';
import { heatColour, heatPicture, scaleEnd } from './heat-ramp.ts';

/** Relative luminance, WCAG. */
const luminance = (rgb: readonly number[]): number => {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};

describe('the heat ramp', () => {
  it('grows lighter all the way', () => {
    const lights = Array.from({ length: 101 }, (_, i) => luminance(heatColour(i / 100)));
    for (const [i, light] of lights.entries()) if (i > 0) expect(light).toBeGreaterThan(lights[i - 1]!);
  });

  it('holds its ends', () => {
    expect([heatColour(-1), heatColour(2)]).toEqual([heatColour(0), heatColour(1)]);
  });

  it('paints a pixel a value, opaque', () => {
    const { rgba } = heatPicture({ width: 2, height: 1, values: Float32Array.of(0, 0.5) }, 0.5);
    expect([...rgba]).toEqual([...heatColour(0), 255, ...heatColour(1), 255]);
  });

  it.each([
    [0, 0.02],
    [0.05, 0.05],
    [0.11, 0.15],
    [0.9, 1],
  ])('a largest difference of %d is seen on a scale to %d', (largest, end) =>
    expect(scaleEnd(largest)).toBe(end),
  );
});
