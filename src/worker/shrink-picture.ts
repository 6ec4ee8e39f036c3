/** Frames of a filmstrip are small: fifty pictures of 512 x 512 a side would be 100 MB. */
import type { Picture } from './protocol.ts';

/** Longest side of a preview, pixels: sharp in a strip, good enough in a square that is being scrubbed. */
export const previewPixels = 256;

/**
 * Means of blocks of whole pixels, so that the longer side is at most `longest`; the same picture if it is.
 * Pixels beyond the last whole block are left out.
 */
export function shrinkPicture(picture: Picture, longest: number): Picture {
  const factor = Math.ceil(Math.max(picture.width, picture.height) / longest);
  if (factor <= 1) return picture;
  const width = Math.max(1, Math.floor(picture.width / factor));
  const height = Math.max(1, Math.floor(picture.height / factor));
  const rgba = new Uint8ClampedArray(width * height * 4);
  const columns = Math.min(factor, picture.width);
  const rows = Math.min(factor, picture.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const start = ((y * factor + row) * picture.width + x * factor) * 4 + channel;
          for (let column = 0; column < columns; column++) sum += picture.rgba[start + 4 * column]!;
        }
        rgba[(y * width + x) * 4 + channel] = sum / (rows * columns);
      }
    }
  }
  return { width, height, rgba };
}
