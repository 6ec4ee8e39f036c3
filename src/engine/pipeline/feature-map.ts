/** A network's values for a whole picture in host memory, [C, H, W], that tiles are cut out of and put into. */
import type { FloatDType } from '../core/dtype.ts';
import { floatsToHalves, halvesToFloats } from '../core/float16.ts';

export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface Moments {
  readonly mean: number;
  /** Of the whole population, as norms have it. */
  readonly variance: number;
}

export class FeatureMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** float32, or half-precision bits. */
  readonly #values: Float32Array | Uint16Array;

  /** @param values [C, H, W] to begin with, kept where they are float32 already; zeros when left out */
  constructor(
    dtype: FloatDType,
    [channels, height, width]: readonly [number, number, number],
    values?: Float32Array,
  ) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    if (dtype === 'f32') {
      this.#values = values ?? new Float32Array(channels * height * width);
    } else {
      this.#values = new Uint16Array(channels * height * width);
      if (values) floatsToHalves(values, this.#values);
    }
  }

  /** [C, height, width] of a part that may reach outside, where it is 0. */
  crop({ top, left, height, width }: Rectangle): Float32Array {
    const tile = new Float32Array(this.channels * height * width);
    const first = Math.max(0, left);
    const end = Math.min(this.width, left + width);
    for (let channel = 0; channel < this.channels; channel++) {
      for (let row = Math.max(0, top); row < Math.min(this.height, top + height); row++) {
        const source = this.#row(channel, row).subarray(first, end);
        const target = (channel * height + row - top) * width + first - left;
        if (source instanceof Float32Array) tile.set(source, target);
        else halvesToFloats(source, tile.subarray(target, target + source.length));
      }
    }
    return tile;
  }

  /** @param tile [C, height, width], of a part inside the map */
  paste(tile: Float32Array, { top, left, height, width }: Rectangle): void {
    for (let channel = 0; channel < this.channels; channel++) {
      for (let row = 0; row < height; row++) {
        const source = tile.subarray((channel * height + row) * width, (channel * height + row + 1) * width);
        const target = this.#row(channel, top + row).subarray(left, left + width);
        if (target instanceof Float32Array) target.set(source);
        else floatsToHalves(source, target);
      }
    }
  }

  /** Of each of `groups` equal runs of channels, over the whole picture. */
  moments(groups: number): readonly Moments[] {
    const size = this.#values.length / groups;
    const row = new Float32Array(this.width);
    const sumRows = (group: number, term: (value: number) => number) => {
      let sum = 0;
      for (let begin = group * size; begin < (group + 1) * size; begin += this.width) {
        const stored = this.#values.subarray(begin, begin + this.width);
        if (stored instanceof Float32Array) row.set(stored);
        else halvesToFloats(stored, row);
        for (let i = 0; i < row.length; i++) sum += term(row[i]!);
      }
      return sum;
    };
    return Array.from({ length: groups }, (_, group) => {
      const mean = sumRows(group, (value) => value) / size;
      return { mean, variance: sumRows(group, (value) => (value - mean) ** 2) / size };
    });
  }

  #row(channel: number, row: number): Float32Array | Uint16Array {
    const begin = (channel * this.height + row) * this.width;
    return this.#values.subarray(begin, begin + this.width);
  }
}
