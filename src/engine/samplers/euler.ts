/**
 * Euler's method on the probability flow in sigma (Karras et al. 2022, arXiv 2206.00364, algorithm 2 without
 * churn), as diffusers' EulerDiscreteScheduler.
 */
import { combine } from './linear-combination.ts';
import { applyPrediction, cleanPredictionAtSigma, type LinearPrediction } from './prediction.ts';
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

export interface EulerOptions extends SigmaSamplerOptions {
  readonly layout: SigmaLayout;
}

interface EulerStep extends PlannedStep {
  readonly clean: LinearPrediction;
  /** sigma' / sigma: the next latents are this share of the latents and the rest of the clean latents. */
  readonly kept: number;
}

export interface EulerPlan extends SamplerPlan {
  readonly steps: readonly EulerStep[];
  readonly sigmas: readonly number[];
}

export function createEuler(options: EulerOptions): Sampler<EulerPlan> {
  const { trainSteps } = options.schedule;
  return {
    name: 'euler',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const { timesteps, sigmas } = layOutNoiseLevels(options, options.layout, stepCount);
      const steps = timesteps.map(
        (timestep, i): EulerStep => ({
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPredictionAtSigma(options.predictionType, sigmas[i]!),
          kept: sigmas[i + 1]! / sigmas[i]!,
        }),
      );
      return { steps, sigmas, initNoiseSigma: initialSigma(sigmas, options.spacing), stochastic: false };
    },
    scaleModelInput: scaleToUnitVariance,
    step(plan, state, modelOutput, i) {
      assertStepArguments(plan, state, modelOutput, i, 0);
      const { clean, kept } = plan.steps[i]!;
      const endpoint = applyPrediction(clean, state.latents, modelOutput);
      return {
        state: { latents: combine([kept, state.latents], [1 - kept, endpoint]), history: [] },
        endpoint,
      };
    },
  };
}
