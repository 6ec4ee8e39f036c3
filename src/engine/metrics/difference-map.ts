/** Where two pictures differ, and by how much. */
import { assertSameSize, type RgbaPicture } from './picture-similarity.ts';

export interface DifferenceMap {
  /** Mean absolute difference of red, green and blue of each pixel, 0 to 1, row-major [height, width]. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly mean: number;
  readonly largest: number;
}

/** @throws EngineError 'argument-invalid' when the sizes differ */
export function differenceMap(a: RgbaPicture, b: RgbaPicture): DifferenceMap {
  assertSameSize(a, b);
  const values = new Float32Array(a.width * a.height);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    let difference = 0;
    for (let channel = 0; channel < 3; channel++) {
      difference += Math.abs(a.rgba[4 * i + channel]! - b.rgba[4 * i + channel]!);
    }
    const value = difference / (3 * 255);
    values[i] = value;
    sum += value;
    largest = Math.max(largest, value);
  }
  return { values, mean: sum / values.length, largest };
}
