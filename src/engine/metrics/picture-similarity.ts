/** How alike two pictures are, pixel for pixel (PSNR) and in structure (SSIM). */
import { ssim } from '@blazediff/ssim';
import { EngineError } from '../core/errors.ts';

/** 8-bit RGBA, row-major. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray | Uint8Array;
}

/** Side of SSIM's window in pixels: smaller pictures have no place for it. */
const ssimWindow = 11;

/**
 * Peak signal-to-noise ratio in decibels over red, green and blue (alpha is left out); Infinity for equal pictures.
 * @throws EngineError 'argument-invalid' when the sizes differ
 */
export function peakSignalToNoise(a: RgbaPicture, b: RgbaPicture): number {
  assertSameSize(a, b);
  let squares = 0;
  for (let k = 0; k < a.rgba.length; k++) {
    if (k % 4 !== 3) squares += (a.rgba[k]! - b.rgba[k]!) ** 2;
  }
  return 10 * Math.log10((255 * 255 * 3 * a.width * a.height) / squares);
}

/**
 * Mean structural similarity of the luma (Wang, Bovik, Sheikh & Simoncelli 2004, their reference code's settings:
 * Gaussian window of 11 pixels, pictures from 384 pixels on shrunk first); 1 for equal pictures, alpha left out.
 * @throws EngineError 'argument-invalid' when the sizes differ or a side is below 11 pixels
 */
export function structuralSimilarity(a: RgbaPicture, b: RgbaPicture): number {
  assertSameSize(a, b);
  if (Math.min(a.width, a.height) < ssimWindow) {
    throw new EngineError('argument-invalid', 'The pictures are too small for SSIM.', {
      subject: 'picture',
      found: `${a.width}×${a.height} pixels`,
      wanted: `at least ${ssimWindow}×${ssimWindow} pixels`,
    });
  }
  return ssim(a.rgba, b.rgba, undefined, a.width, a.height);
}

/** @throws EngineError 'argument-invalid' */
export function assertSameSize(a: RgbaPicture, b: RgbaPicture): void {
  const size = ({ width, height, rgba }: RgbaPicture) => `${width}×${height} pixels in ${rgba.length} bytes`;
  const whole = a.width > 0 && a.height > 0 && a.rgba.length === a.width * a.height * 4;
  if (whole && a.width === b.width && a.height === b.height && b.rgba.length === a.rgba.length) return;
  throw new EngineError('argument-invalid', 'Two pictures of one size are compared, in RGBA.', {
    subject: 'picture',
    found: `${size(a)} and ${size(b)}`,
    wanted: 'equal sizes, 4 bytes a pixel',
  });
}
