/**
 * What the network predicts, and how the clean latents and the noise follow from it at x = alpha x0 + sigma eps.
 * v = alpha eps - sigma x0 (Salimans & Ho 2022); dynamic thresholding: Imagen (Saharia et al. 2022).
 */
import { combine } from './linear-combination.ts';

export const predictionTypes = ['epsilon', 'v_prediction', 'sample'] as const;
export type PredictionType = (typeof predictionTypes)[number];

/** latents * x + output * y, of the latents x and the network's output y. */
export interface LinearPrediction {
  readonly latents: number;
  readonly output: number;
}

/** The clean latents x0. Not finite for epsilon at alpha = 0, where the latents hold no signal. */
export function cleanPrediction(type: PredictionType, alpha: number, sigma: number): LinearPrediction {
  switch (type) {
    case 'epsilon':
      return { latents: 1 / alpha, output: -sigma / alpha };
    case 'v_prediction':
      return { latents: alpha, output: -sigma };
    case 'sample':
      return { latents: 0, output: 1 };
  }
}

/** The noise eps. Not finite for clean latents at sigma = 0. */
export function noisePrediction(type: PredictionType, alpha: number, sigma: number): LinearPrediction {
  switch (type) {
    case 'epsilon':
      return { latents: 0, output: 1 };
    case 'v_prediction':
      return { latents: sigma, output: alpha };
    case 'sample':
      return { latents: 1 / sigma, output: -alpha / sigma };
  }
}

/** The clean latents where the latents are x0 + sigma eps (Euler's scale): alpha x0 + sigma eps over alpha. */
export function cleanPredictionAtSigma(type: PredictionType, sigma: number): LinearPrediction {
  const alpha = 1 / Math.sqrt(sigma * sigma + 1);
  const { latents, output } = cleanPrediction(type, alpha, sigma * alpha);
  return { latents: latents * alpha, output };
}

export function applyPrediction(
  prediction: LinearPrediction,
  latents: Float32Array,
  modelOutput: Float32Array,
): Float32Array {
  return combine([prediction.latents, latents], [prediction.output, modelOutput]);
}

/** What is done to the predicted clean latents before the step. */
export type CleanLimit =
  | { readonly kind: 'none' }
  /** Clipped to [-range, range]. */
  | { readonly kind: 'clip'; readonly range: number }
  /** Clipped to [-s, s] and divided by s, the quantile `ratio` of the absolute values, held in [1, maximum]. */
  | { readonly kind: 'threshold'; readonly ratio: number; readonly maximum: number };

/** The limited values: a new array, or `values` itself where there is no limit. */
export function limitClean(values: Float32Array, limit: CleanLimit): Float32Array {
  switch (limit.kind) {
    case 'none':
      return values;
    case 'clip':
      return values.map((value) => clamp(value, limit.range));
    case 'threshold': {
      const bound = Math.min(limit.maximum, Math.max(1, absoluteQuantile(values, limit.ratio)));
      return values.map((value) => clamp(value, bound) / bound);
    }
  }
}

function clamp(value: number, bound: number): number {
  return Math.min(bound, Math.max(-bound, value));
}

/** The quantile of the absolute values, linear between order statistics. */
function absoluteQuantile(values: Float32Array, ratio: number): number {
  const sorted = values.map(Math.abs).sort();
  const position = ratio * (sorted.length - 1);
  const low = Math.floor(position);
  const below = sorted[low]!;
  const above = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return below + (above - below) * (position - low);
}
