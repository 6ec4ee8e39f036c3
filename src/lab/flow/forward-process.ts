/**
 * DDPM's forward process (Ho, Jain & Abbeel 2020, arXiv 2006.11239): q(x_k | x_{k-1}) = N(√(1-β_k) x_{k-1}, β_k I),
 * with β_k on a line from 1e-4 to 0.02 over 1000 steps. In closed form x_k = √ᾱ_k x_0 + √(1-ᾱ_k) ε.
 */
import type { Points } from './points.ts';
import type { Random } from './random.ts';

export const forwardSteps = 1000;
const firstBeta = 1e-4;
const lastBeta = 0.02;

/** @param step 1 to 1000 */
export function beta(step: number): number {
  return firstBeta + ((lastBeta - firstBeta) * (step - 1)) / (forwardSteps - 1);
}

/** ᾱ_0 = 1, ..., ᾱ_1000: the share of the data's variance that is left. */
export function alphaBars(): Float64Array {
  const values = new Float64Array(forwardSteps + 1).fill(1);
  for (let step = 1; step <= forwardSteps; step++) values[step] = values[step - 1]! * (1 - beta(step));
  return values;
}

/**
 * Walks the chain step by step with fresh noise.
 * @returns x_0, x_stride, x_2stride, ...; `stride` divides 1000
 */
export function walkForward(data: Points, stride: number, random: Random): Points[] {
  const kept = [data];
  let state = data;
  for (let step = 1; step <= forwardSteps; step++) {
    const [keep, noise] = [Math.sqrt(1 - beta(step)), Math.sqrt(beta(step))];
    state = state.map((value) => keep * value + noise * random.normal());
    if (step % stride === 0) kept.push(state);
  }
  return kept;
}
