/** What Euler, Euler ancestral and Heun share: noise levels at the timesteps, and latents scaled to x0 + sigma eps. */
import { type NoiseSchedule, trainingSigmas } from './noise-schedule.ts';
import type { PredictionType } from './prediction.ts';
import type { SamplerPlan } from './sampler.ts';
import {
  exponentialSigmas,
  interpolate,
  karrasSigmas,
  type SigmaSpacing,
  timestepOfSigma,
} from './sigma-schedule.ts';
import { fractionalTimesteps, type TimestepSpacing } from './timestep-spacing.ts';

export interface SigmaSamplerOptions {
  readonly schedule: NoiseSchedule;
  /** Whether the betas were rescaled: the last alpha-bar is then 2^-24, not 0. */
  readonly floorTerminalSnr: boolean;
  readonly spacing: TimestepSpacing;
  readonly stepsOffset: number;
  readonly predictionType: PredictionType;
}

/** How the noise levels are laid out. Missing bounds: the levels at the first and last timestep. */
export interface SigmaLayout {
  readonly sigmaSpacing: Exclude<SigmaSpacing, 'lu'>;
  /** 'log_linear' spaces them evenly in the logarithm over the whole training range, N + 1 for N steps. */
  readonly interpolation: 'linear' | 'log_linear';
  readonly sigmaMin?: number | undefined;
  readonly sigmaMax?: number | undefined;
  /** What the last step ends at. */
  readonly finalSigma: 'zero' | 'sigma_min';
}

export interface NoiseLevels {
  /** N, float32. */
  readonly timesteps: readonly number[];
  /** At least N + 1, float32, the level after the last step included. */
  readonly sigmas: readonly number[];
}

export const plainLayout: SigmaLayout = {
  sigmaSpacing: 'timesteps',
  interpolation: 'linear',
  finalSigma: 'zero',
};

export function layOutNoiseLevels(
  options: SigmaSamplerOptions,
  layout: SigmaLayout,
  stepCount: number,
): NoiseLevels {
  const { schedule, spacing, stepsOffset } = options;
  const training = trainingSigmas(schedule, options.floorTerminalSnr);
  let timesteps = fractionalTimesteps(spacing, schedule.trainSteps, stepCount, stepsOffset);
  let sigmas =
    layout.interpolation === 'linear'
      ? interpolate(training, timesteps)
      : exponentialSigmas(training[0]!, training.at(-1)!, stepCount + 1);
  if (layout.sigmaSpacing !== 'timesteps') {
    const minimum = layout.sigmaMin ?? sigmas.at(-1)!;
    const maximum = layout.sigmaMax ?? sigmas[0]!;
    const place = layout.sigmaSpacing === 'karras' ? karrasSigmas : exponentialSigmas;
    sigmas = place(minimum, maximum, stepCount);
    timesteps = sigmas.map((sigma) => timestepOfSigma(sigma, training));
  }
  const last = layout.finalSigma === 'zero' ? 0 : training[0]!;
  return { timesteps: timesteps.map(Math.fround), sigmas: [...sigmas, last].map(Math.fround) };
}

/** Standard deviation of the first latents: the largest sigma, with the signal's variance added for 'leading'. */
export function initialSigma(sigmas: Iterable<number>, spacing: TimestepSpacing): number {
  const maximum = Math.max(...sigmas);
  return spacing === 'leading' ? Math.fround(Math.sqrt(maximum * maximum + 1)) : maximum;
}

/** The largest sigma of training as {@link initialSigma}: diffusers' `init_noise_sigma` before a run is planned. */
export function trainingInitialSigma(options: SigmaSamplerOptions): number {
  return initialSigma(trainingSigmas(options.schedule, options.floorTerminalSnr), options.spacing);
}

/** Latents x0 + sigma eps scaled to the unit variance that the network was trained on. */
export function scaleToUnitVariance(
  plan: SamplerPlan & { readonly sigmas: readonly number[] },
  latents: Float32Array,
  i: number,
): Float32Array {
  const sigma = plan.sigmas[i]!;
  const scale = 1 / Math.sqrt(sigma * sigma + 1);
  return latents.map((value) => value * scale);
}
