/**
 * Ancestral sampling with Euler steps (Crowson's k-diffusion; Song et al. 2021, arXiv 2011.13456): a step
 * down to sigma_down, then fresh noise of sigma_up, so that the variances add up to sigma'. As diffusers'
 * EulerAncestralDiscreteScheduler.
 */
import { combine } from './linear-combination.ts';
import { applyPrediction, cleanPredictionAtSigma, type LinearPrediction } from './prediction.ts';
import type { PlannedStep, Sampler, SamplerPlan } from './sampler.ts';
import {
  initialSigma,
  layOutNoiseLevels,
  plainLayout,
  type SigmaSamplerOptions,
  scaleToUnitVariance,
} from './sigma-sampler.ts';
import { assertNoise, assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime } from './timestep-spacing.ts';

interface EulerAncestralStep extends PlannedStep {
  readonly clean: LinearPrediction;
  /** sigma_down / sigma, as in Euler's method. */
  readonly kept: number;
  /** sigma_up; 0 at the last step. */
  readonly fresh: number;
}

export interface EulerAncestralPlan extends SamplerPlan {
  readonly steps: readonly EulerAncestralStep[];
  readonly sigmas: readonly number[];
}

export function createEulerAncestral(options: SigmaSamplerOptions): Sampler<EulerAncestralPlan> {
  const { trainSteps } = options.schedule;
  return {
    name: 'euler-ancestral',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const { timesteps, sigmas } = layOutNoiseLevels(options, plainLayout, stepCount);
      const steps = timesteps.map((timestep, i): EulerAncestralStep => {
        const from = sigmas[i]!;
        const to = sigmas[i + 1]!;
        const fresh = Math.sqrt((to * to * (from * from - to * to)) / (from * from));
        return {
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPredictionAtSigma(options.predictionType, from),
          kept: Math.sqrt(to * to - fresh * fresh) / from,
          fresh,
        };
      });
      return { steps, sigmas, initNoiseSigma: initialSigma(sigmas, options.spacing), stochastic: true };
    },
    scaleModelInput: scaleToUnitVariance,
    step(plan, state, modelOutput, i, noise) {
      assertStepArguments(plan, state, modelOutput, i, 0);
      const { clean, kept, fresh } = plan.steps[i]!;
      const endpoint = applyPrediction(clean, state.latents, modelOutput);
      const latents = combine(
        [kept, state.latents],
        [1 - kept, endpoint],
        [fresh, fresh === 0 ? endpoint : assertNoise(noise, endpoint.length)],
      );
      return { state: { latents, history: [] }, endpoint };
    },
  };
}
