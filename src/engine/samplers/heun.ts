/**
 * Heun's method on the probability flow in sigma (Karras et al. 2022, arXiv 2206.00364, algorithm 1 without
 * churn): each step but the last is evaluated at both ends, 2N - 1 evaluations. As diffusers'
 * HeunDiscreteScheduler.
 */
import { combine } from './linear-combination.ts';
import {
  applyPrediction,
  type CleanLimit,
  cleanPredictionAtSigma,
  type LinearPrediction,
  limitClean,
} from './prediction.ts';
import type { PlannedStep, Sampler, SamplerPlan } from './sampler.ts';
import {
  initialSigma,
  layOutNoiseLevels,
  type SigmaLayout,
  type SigmaSamplerOptions,
  scaleToUnitVariance,
} from './sigma-sampler.ts';
import { assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime } from './timestep-spacing.ts';

export interface HeunOptions extends SigmaSamplerOptions {
  readonly layout: Pick<SigmaLayout, 'sigmaSpacing' | 'sigmaMin' | 'sigmaMax'>;
  readonly limit: CleanLimit;
}

interface HeunStep extends PlannedStep {
  readonly clean: LinearPrediction;
  /** 1 / sigma of this evaluation: the derivative is (latents - clean latents) / sigma. */
  readonly inverseSigma: number;
  /** sigma' - sigma of the whole step. */
  readonly change: number;
  /** Whether this evaluation, at the step's end, corrects the one before it. */
  readonly corrects: boolean;
}

export interface HeunPlan extends SamplerPlan {
  readonly steps: readonly HeunStep[];
  /** Of each evaluation, and the one after the last step. */
  readonly sigmas: readonly number[];
}

export function createHeun(options: HeunOptions): Sampler<HeunPlan> {
  const { predictionType, spacing, schedule, limit } = options;
  const { trainSteps } = schedule;
  return {
    name: 'heun',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const layout: SigmaLayout = { ...options.layout, interpolation: 'linear', finalSigma: 'zero' };
      const { timesteps, sigmas: levels } = layOutNoiseLevels(options, layout, stepCount);
      const step = (at: number, from: number, corrects: boolean): HeunStep => ({
        timestep: timesteps[at]!,
        time: pathTime(timesteps[at]!, trainSteps),
        clean: cleanPredictionAtSigma(predictionType, levels[at]!),
        inverseSigma: 1 / levels[at]!,
        change: levels[from + 1]! - levels[from]!,
        corrects,
      });
      const steps = timesteps.flatMap((_, k) =>
        k === 0 ? [step(0, 0, false)] : [step(k, k - 1, true), step(k, k, false)],
      );
      const sigmas = levels.flatMap((sigma, k) => (k === 0 || k === stepCount ? [sigma] : [sigma, sigma]));
      return { steps, sigmas, initNoiseSigma: initialSigma(levels, spacing), stochastic: false };
    },
    scaleModelInput: scaleToUnitVariance,
    /** The history before a correction: the latents that the step started from, and its first derivative. */
    step(plan, state, modelOutput, i) {
      const planned = plan.steps[i];
      assertStepArguments(plan, state, modelOutput, i, planned?.corrects ? 2 : 0);
      const { clean, inverseSigma, change, corrects } = planned!;
      const endpoint = limitClean(applyPrediction(clean, state.latents, modelOutput), limit);
      const derivative = combine([inverseSigma, state.latents], [-inverseSigma, endpoint]);
      if (corrects) {
        const [start, first] = state.history as [Float32Array, Float32Array];
        const latents = combine([1, start], [change / 2, first], [change / 2, derivative]);
        return { state: { latents, history: [] }, endpoint };
      }
      const isLast = i === plan.steps.length - 1;
      const latents = isLast ? endpoint : combine([1, state.latents], [change, derivative]);
      return { state: { latents, history: isLast ? [] : [state.latents, derivative] }, endpoint };
    },
  };
}
