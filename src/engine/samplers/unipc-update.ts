/** The update formulas of UniPC with B(h), as coefficients: arXiv 2302.04867, algorithms 1 and 2 and appendix B. */
import type { PathPoint } from './solver-noise-levels.ts';

export interface UnipcForm {
  /** Whether the formulas work with clean latents (as DPM-Solver++) or with noise. */
  readonly predictsClean: boolean;
  /** B(h): h, or exp(h) - 1. */
  readonly solverType: 'bh1' | 'bh2';
}

export interface UnipcUpdate {
  readonly latents: number;
  /** Newest first. The corrector's first is the prediction at the point it corrects. */
  readonly predictions: readonly number[];
}

/** From `from` to `to`, with predictions at `from` and at the `earlier` points, newest first. */
export function predictorUpdate(
  form: UnipcForm,
  to: PathPoint,
  from: PathPoint,
  earlier: readonly PathPoint[],
): UnipcUpdate {
  const h = to.lambda - from.lambda;
  // Karras' levels end at sigma_min, and so does final_sigmas_type sigma_min: a step of no length.
  if (h === 0) return { latents: 1, predictions: [0] };
  const { latents, prediction, difference, moments } = terms(form, to, from, h, earlier.length);
  const places = earlier.map((point) => (point.lambda - from.lambda) / h);
  const weights = earlier.length === 1 ? [0.5] : solveMoments(places, moments);
  const scaled = weights.map((weight, k) => (difference * weight) / places[k]!);
  return { latents, predictions: [prediction - sum(scaled), ...scaled] };
}

/** The latents at `to` again, with the prediction made there as well. */
export function correctorUpdate(
  form: UnipcForm,
  to: PathPoint,
  from: PathPoint,
  earlier: readonly PathPoint[],
): UnipcUpdate {
  const h = to.lambda - from.lambda;
  const { latents, prediction, difference, moments } = terms(form, to, from, h, earlier.length + 1);
  const places = [...earlier.map((point) => (point.lambda - from.lambda) / h), 1];
  const weights = earlier.length === 0 ? [0.5] : solveMoments(places, moments);
  const scaled = weights.map((weight, k) => (difference * weight) / places[k]!);
  return { latents, predictions: [scaled.at(-1)!, prediction - sum(scaled), ...scaled.slice(0, -1)] };
}

/** The first-order step, the factor of the weighted differences, and the weights' `count` moments. */
function terms(form: UnipcForm, to: PathPoint, from: PathPoint, h: number, count: number) {
  const signed = form.predictsClean ? -h : h;
  const phi1 = Math.expm1(signed);
  const bh = form.solverType === 'bh1' ? signed : phi1;
  const scale = form.predictsClean ? to.alpha : to.sigma;
  const moments: number[] = [];
  let factorial = 1;
  let phi = phi1 / signed - 1;
  for (let k = 1; k <= count; k++) {
    moments.push((phi * factorial) / bh);
    factorial *= k + 1;
    phi = phi / signed - 1 / factorial;
  }
  return {
    latents: form.predictsClean ? to.sigma / from.sigma : to.alpha / from.alpha,
    prediction: -scale * phi1,
    difference: -scale * bh,
    moments,
  };
}

/** Weights w with sum_k w_k x_k^j = b_j for j = 0 to n - 1: a Vandermonde system (Björck & Pereyra 1970). */
function solveMoments(x: readonly number[], b: readonly number[]): number[] {
  const w = [...b];
  const n = x.length;
  for (let k = 0; k < n - 1; k++) {
    for (let j = n - 1; j > k; j--) w[j]! -= x[k]! * w[j - 1]!;
  }
  for (let k = n - 2; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) w[j]! /= x[j]! - x[j - k - 1]!;
    for (let j = k; j < n - 1; j++) w[j]! -= w[j + 1]!;
  }
  return w;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
