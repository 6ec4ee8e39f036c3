/**
 * DDIM (Song, Meng & Ermon 2020, arXiv 2010.02502, formulas 12 and 16): x_{t-1} = sqrt(a') x0 +
 * sqrt(1 - a' - s^2) eps + s z, with s = eta sqrt((1 - a') / (1 - a)) sqrt(1 - a / a').
 * The previous timestep is t - T // N whatever the spacing, as in diffusers' DDIMScheduler.
 */
import { type AlphaSamplerOptions, assertSignal, finalAlpha } from './alpha-sampler.ts';
import { combine } from './linear-combination.ts';
import {
  applyPrediction,
  type CleanLimit,
  cleanPrediction,
  type LinearPrediction,
  limitClean,
  noisePrediction,
} from './prediction.ts';
import type { PlannedStep, Sampler, SamplerPlan } from './sampler.ts';
import { assertNoise, assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime, wholeTimesteps } from './timestep-spacing.ts';

export interface DdimOptions extends AlphaSamplerOptions {
  readonly limit: CleanLimit;
  /** alpha-bar after the last step: 1, else the first training timestep's. */
  readonly setAlphaToOne: boolean;
  /** 0 deterministic, 1 the variance of DDPM. */
  readonly eta: number;
}

interface DdimStep extends PlannedStep {
  readonly clean: LinearPrediction;
  readonly noise: LinearPrediction;
  /** The next latents: coefficients of clean latents, predicted noise, fresh noise. */
  readonly next: { readonly clean: number; readonly noise: number; readonly fresh: number };
}

export interface DdimPlan extends SamplerPlan {
  readonly steps: readonly DdimStep[];
}

export function createDdim(options: DdimOptions): Sampler<DdimPlan> {
  const { schedule, spacing, stepsOffset, predictionType, eta, limit } = options;
  const { alphasCumprod, trainSteps } = schedule;
  return {
    name: 'ddim',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const stride = Math.floor(trainSteps / stepCount);
      const steps = wholeTimesteps(spacing, trainSteps, stepCount, stepsOffset).map((timestep): DdimStep => {
        const alphaBar = assertSignal(options, timestep);
        const previous = timestep - stride;
        const alphaBarNext =
          previous >= 0 ? alphasCumprod[previous]! : finalAlpha(schedule, options.setAlphaToOne);
        const variance = ((1 - alphaBarNext) / (1 - alphaBar)) * (1 - alphaBar / alphaBarNext);
        const fresh = eta * Math.sqrt(variance);
        const alpha = Math.sqrt(alphaBar);
        const sigma = Math.sqrt(1 - alphaBar);
        return {
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPrediction(predictionType, alpha, sigma),
          noise: noisePrediction(predictionType, alpha, sigma),
          next: {
            clean: Math.sqrt(alphaBarNext),
            noise: Math.sqrt(Math.max(0, 1 - alphaBarNext - fresh * fresh)),
            fresh,
          },
        };
      });
      return { steps, initNoiseSigma: 1, stochastic: eta > 0 };
    },
    scaleModelInput: (_plan, latents) => latents,
    step(plan, state, modelOutput, i, noise) {
      assertStepArguments(plan, state, modelOutput, i, 0);
      const { clean, noise: predicted, next } = plan.steps[i]!;
      const endpoint = limitClean(applyPrediction(clean, state.latents, modelOutput), limit);
      const direction = applyPrediction(predicted, state.latents, modelOutput);
      const latents = combine(
        [next.clean, endpoint],
        [next.noise, direction],
        [next.fresh, plan.stochastic ? assertNoise(noise, state.latents.length) : direction],
      );
      return { state: { latents, history: [] }, endpoint };
    },
  };
}
