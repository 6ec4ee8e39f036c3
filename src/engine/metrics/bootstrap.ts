/** Confidence intervals by resampling with replacement: the percentile bootstrap (Efron 1979). */
import { EngineError } from '../core/errors.ts';
import { philox } from '../core/noise.ts';

export interface BootstrapOptions {
  /** A whole number; the same seed gives the same interval. */
  readonly seed?: number;
  /** Number of resamples. */
  readonly resamples?: number;
  /** Share of the resamples that the interval holds. */
  readonly level?: number;
}

export interface ConfidenceInterval {
  /** The statistic of the sample itself. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/**
 * The interval of any statistic of `count` items, given by their indices (repeated in resamples): a mean, a
 * Fréchet distance, a share.
 * @throws EngineError 'argument-invalid' for no items, fewer than 2 resamples, or a level outside (0, 1)
 */
export function bootstrapInterval(
  count: number,
  statistic: (indices: Uint32Array) => number,
  { seed = 0, resamples = 2000, level = 0.95 }: BootstrapOptions = {},
): ConfidenceInterval {
  if (!(Number.isInteger(count) && count > 0 && resamples >= 2 && level > 0 && level < 1)) {
    throw new EngineError('argument-invalid', 'No interval can be drawn from that.', {
      subject: 'bootstrap',
      found: `${count} items, ${resamples} resamples, level ${level}`,
      wanted: 'at least 1 item, 2 resamples, a level between 0 and 1',
    });
  }
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const estimate = statistic(indices);
  const counter = new Uint32Array(4);
  const words = new Uint32Array(4);
  const draws = Float64Array.from({ length: resamples }, (_, resample) => {
    for (let i = 0; i < count; i++) {
      counter[0] = i;
      counter[1] = resample;
      philox(counter, seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, words);
      indices[i] = Math.floor((words[0]! / 2 ** 32) * count);
    }
    return statistic(indices);
  }).sort();
  return { estimate, low: quantile(draws, (1 - level) / 2), high: quantile(draws, (1 + level) / 2), level };
}

/** {@link bootstrapInterval} of the mean. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): ConfidenceInterval {
  const mean = (indices: Uint32Array) => indices.reduce((sum, i) => sum + values[i]!, 0) / indices.length;
  return bootstrapInterval(values.length, mean, options);
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const below = sorted[low]!;
  return below + (sorted[Math.min(low + 1, sorted.length - 1)]! - below) * (position - low);
}
