/**
 * Latent consistency models (Luo et al. 2023, arXiv 2310.04378): each evaluation jumps to the end point, which is
 * noised again to the next timestep; the last one is the picture. As diffusers' LCMScheduler.
 */
import { EngineError } from '../core/errors.ts';
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
import { pathTime } from './timestep-spacing.ts';

/** The data's standard deviation assumed by the boundary condition. */
const sigmaData = 0.5;

export interface LcmOptions extends Pick<AlphaSamplerOptions, 'schedule' | 'predictionType'> {
  readonly limit: CleanLimit;
  /** Steps of the grid that the model was distilled on, of which a run visits N. */
  readonly originalSteps: number;
  /** Factor of the timestep in the boundary condition. */
  readonly timestepScaling: number;
}

interface LcmStep extends PlannedStep {
  readonly clean: LinearPrediction;
  /** The end point: coefficients of clean latents and latents (c_out and c_skip). */
  readonly boundary: { readonly clean: number; readonly latents: number };
  /** The next latents: coefficients of end point and fresh noise; 1 and 0 at the last step. */
  readonly next: { readonly endpoint: number; readonly fresh: number };
}

export interface LcmPlan extends SamplerPlan {
  readonly steps: readonly LcmStep[];
}

export function createLcm(options: LcmOptions): Sampler<LcmPlan> {
  const { schedule, predictionType, originalSteps, timestepScaling, limit } = options;
  const { alphasCumprod, trainSteps } = schedule;
  if (originalSteps > trainSteps) {
    throw new EngineError('config-invalid', 'The distillation grid is finer than the training schedule.', {
      subject: 'original_inference_steps',
      found: `${originalSteps}`,
      wanted: `at most num_train_timesteps = ${trainSteps}`,
    });
  }
  return {
    name: 'lcm',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, originalSteps));
      const stride = Math.floor(trainSteps / originalSteps);
      // NumPy's linspace without its end, rounded down.
      const spacing = originalSteps / stepCount;
      const timesteps = Array.from(
        { length: stepCount },
        (_, i) => (originalSteps - Math.floor(i * spacing)) * stride - 1,
      );
      const steps = timesteps.map((timestep, i): LcmStep => {
        const alphaBar = assertSignal({ schedule, predictionType, stepsOffset: 0 }, timestep);
        const next = timesteps[i + 1];
        const scaled = timestep * timestepScaling;
        const square = scaled * scaled + sigmaData * sigmaData;
        return {
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPrediction(predictionType, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)),
          boundary: { clean: scaled / Math.sqrt(square), latents: (sigmaData * sigmaData) / square },
          next:
            next === undefined
              ? { endpoint: 1, fresh: 0 }
              : { endpoint: Math.sqrt(alphasCumprod[next]!), fresh: Math.sqrt(1 - alphasCumprod[next]!) },
        };
      });
      return { steps, initNoiseSigma: 1, stochastic: stepCount > 1 };
    },
    scaleModelInput: (_plan, latents) => latents,
    step(plan, state, modelOutput, i, noise) {
      assertStepArguments(plan, state, modelOutput, i, 0);
      const { clean, boundary, next } = plan.steps[i]!;
      const predicted = limitClean(applyPrediction(clean, state.latents, modelOutput), limit);
      const endpoint = combine([boundary.clean, predicted], [boundary.latents, state.latents]);
      if (i === plan.steps.length - 1) return { state: { latents: endpoint, history: [] }, endpoint };
      const fresh = assertNoise(noise, state.latents.length);
      const latents = combine([next.endpoint, endpoint], [next.fresh, fresh]);
      return { state: { latents, history: [] }, endpoint };
    },
  };
}
