import { describe, expect, it } from 'vitest';
import { peakSignalToNoise, type RgbaPicture, structuralSimilarity } from './picture-similarity.ts';

function picture(
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
  alpha = 255,
): RgbaPicture {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let p = 0; p < width * height; p++) {
    rgba.fill(grey(p % width, Math.floor(p / width)), 4 * p, 4 * p + 3);
    rgba[4 * p + 3] = alpha;
  }
  return { width, height, rgba };
}

const waves = (x: number, y: number) => 128 + 60 * Math.sin(x / 2) + 40 * Math.cos(y / 3);
const refused = expect.objectContaining({ code: 'argument-invalid', subject: 'picture' });

describe('PSNR', () => {
  it('by hand: off by 5 everywhere, and in one channel of one of four pixels', () => {
    expect(
      peakSignalToNoise(
        picture(4, 3, () => 100),
        picture(4, 3, () => 105),
      ),
    ).toBeCloseTo(20 * Math.log10(51), 10);
    const other = picture(2, 2, () => 7);
    other.rgba[4] = 19;
    expect(
      peakSignalToNoise(
        picture(2, 2, () => 7),
        other,
      ),
    ).toBeCloseTo(10 * Math.log10(255 ** 2 / 12), 10);
  });

  it('of equal pictures is infinite, whatever their alpha', () => {
    expect(
      peakSignalToNoise(
        picture(2, 2, () => 9),
        picture(2, 2, () => 9, 0),
      ),
    ).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses other sizes and wrong lengths', () => {
    expect(() =>
      peakSignalToNoise(
        picture(2, 3, () => 0),
        picture(3, 2, () => 0),
      ),
    ).toThrow(refused);
    const short = { ...picture(2, 2, () => 0), rgba: new Uint8Array(15) };
    expect(() => peakSignalToNoise(short, short)).toThrow(refused);
  });
});

describe('SSIM', () => {
  it('of even pictures is the luminance term alone: (2ab + C1) / (a^2 + b^2 + C1)', () => {
    const c1 = (0.01 * 255) ** 2;
    const [a, b] = [60, 180];
    const found = structuralSimilarity(
      picture(16, 12, () => a),
      picture(16, 12, () => b),
    );
    // Float32 sums of squares up to 180^2 leave variances of about 1e-2 beside C2 = 58.5.
    expect(found).toBeCloseTo((2 * a * b + c1) / (a * a + b * b + c1), 3);
  });

  it('is 1 for equal pictures, falls with noise, and is negative for a negative', () => {
    const original = picture(48, 32, waves);
    const noisy = (strength: number) =>
      picture(48, 32, (x, y) => waves(x, y) + strength * (((x * 7919 + y * 104729) % 17) / 8 - 1));
    expect(structuralSimilarity(original, original)).toBeCloseTo(1, 4);
    const [little, much] = [
      structuralSimilarity(original, noisy(5)),
      structuralSimilarity(original, noisy(40)),
    ];
    expect(little).toBeLessThan(0.9999);
    expect(much).toBeLessThan(little - 0.05);
    expect(
      structuralSimilarity(
        original,
        picture(48, 32, (x, y) => 256 - waves(x, y)),
      ),
    ).toBeLessThan(0);
  });

  it('needs room for its window', () => {
    expect(() =>
      structuralSimilarity(
        picture(10, 40, () => 0),
        picture(10, 40, () => 0),
      ),
    ).toThrow(refused);
    expect(structuralSimilarity(picture(11, 11, waves), picture(11, 11, waves))).toBeCloseTo(1, 4);
  });
});
