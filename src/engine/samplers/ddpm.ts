/**
 * DDPM's ancestral sampling (Ho, Jain & Abbeel 2020, arXiv 2006.11239, formulas 6, 7 and 15) over a subset of the
 * timesteps; the previous timestep is t - T // N whatever the spacing, as in diffusers' DDPMScheduler 0.30.
 */
import { type AlphaSamplerOptions, assertSignal } from './alpha-sampler.ts';
import { combine } from './linear-combination.ts';
import {
  applyPrediction,
  type CleanLimit,
  cleanPrediction,
  type LinearPrediction,
  limitClean,
} from './prediction.ts';
import type { PlannedStep, Sampler, SamplerPlan } from './sampler.ts';
import { assertNoise, assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime, wholeTimesteps } from './timestep-spacing.ts';

export const varianceTypes = ['fixed_small', 'fixed_small_log', 'fixed_large'] as const;

export interface DdpmOptions extends AlphaSamplerOptions {
  readonly limit: CleanLimit;
  /** fixed_small: the posterior's variance (the logarithmic form is the same number); fixed_large: beta. */
  readonly varianceType: (typeof varianceTypes)[number];
}

interface DdpmStep extends PlannedStep {
  readonly clean: LinearPrediction;
  /** The next latents: coefficients of clean latents, latents, fresh noise (0 at t = 0). */
  readonly next: { readonly clean: number; readonly latents: number; readonly fresh: number };
}

export interface DdpmPlan extends SamplerPlan {
  readonly steps: readonly DdpmStep[];
}

export function createDdpm(options: DdpmOptions): Sampler<DdpmPlan> {
  const { schedule, spacing, stepsOffset, predictionType, varianceType, limit } = options;
  const { alphasCumprod, trainSteps } = schedule;
  return {
    name: 'ddpm',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const stride = Math.floor(trainSteps / stepCount);
      const steps = wholeTimesteps(spacing, trainSteps, stepCount, stepsOffset).map((timestep): DdpmStep => {
        const alphaBar = assertSignal(options, timestep);
        const alphaBarNext = timestep >= stride ? alphasCumprod[timestep - stride]! : 1;
        const alpha = alphaBar / alphaBarNext;
        const posterior = Math.max(1e-20, ((1 - alphaBarNext) / (1 - alphaBar)) * (1 - alpha));
        const variance = varianceType === 'fixed_large' ? 1 - alpha : posterior;
        return {
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPrediction(predictionType, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)),
          next: {
            clean: (Math.sqrt(alphaBarNext) * (1 - alpha)) / (1 - alphaBar),
            latents: (Math.sqrt(alpha) * (1 - alphaBarNext)) / (1 - alphaBar),
            fresh: timestep > 0 ? Math.sqrt(variance) : 0,
          },
        };
      });
      return { steps, initNoiseSigma: 1, stochastic: true };
    },
    scaleModelInput: (_plan, latents) => latents,
    step(plan, state, modelOutput, i, noise) {
      assertStepArguments(plan, state, modelOutput, i, 0);
      const { clean, next } = plan.steps[i]!;
      const endpoint = limitClean(applyPrediction(clean, state.latents, modelOutput), limit);
      const latents = combine(
        [next.clean, endpoint],
        [next.latents, state.latents],
        [next.fresh, next.fresh === 0 ? endpoint : assertNoise(noise, state.latents.length)],
      );
      return { state: { latents, history: [] }, endpoint };
    },
  };
}
