import type { FloatTensor } from '../core/tensor.ts';

/** 8-bit RGBA, opaque, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * (x / 2 + 0.5) clamped to 0..1, times 255, rounded half to even (diffusers, image_processor.py, numpy).
 * Uint8ClampedArray rounds half to even by itself (ECMAScript, ToUint8Clamp).
 * @param sample [1, 3, H, W]
 */
export function toPicture({ data, shape }: FloatTensor): Picture {
  const [, , height, width] = shape as [number, number, number, number];
  const plane = height * width;
  const rgba = new Uint8ClampedArray(plane * 4);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const unit = Math.fround(Math.fround(data[channel * plane + pixel]! / 2) + 0.5);
      rgba[4 * pixel + channel] = Math.fround(Math.min(1, Math.max(0, unit)) * 255);
    }
    rgba[4 * pixel + 3] = 255;
  }
  return { width, height, rgba };
}
