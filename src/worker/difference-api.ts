/** What comlink exposes of the comparing worker; `picture-difference.ts` turns it into a PictureComparer. */
import type { Outcome } from './outcome.ts';
import type { Picture } from './protocol.ts';

export interface PictureDifference {
  readonly width: number;
  readonly height: number;
  /** Mean absolute difference of the colours of each pixel, 0 to 1, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly mean: number;
  readonly largest: number;
  /** SSIM of the luma, 1 = equal; null for pictures smaller than its window of 11 pixels. */
  readonly similarity: number | null;
}

export interface DifferenceApi {
  difference(a: Picture, b: Picture): Promise<Outcome<PictureDifference>>;
  similarity(a: Picture, b: Picture): Promise<Outcome<number | null>>;
}
