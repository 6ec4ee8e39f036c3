/** The timesteps and noise levels of DPM-Solver and UniPC, which share them but for the end. */
import { type NoiseSchedule, trainingSigmas } from './noise-schedule.ts';
import {
  exponentialSigmas,
  interpolate,
  karrasSigmas,
  type SigmaSpacing,
  timestepOfSigma,
} from './sigma-schedule.ts';
import { roundHalfToEven, solverTimesteps, type TimestepSpacing } from './timestep-spacing.ts';

export interface SolverLevelOptions {
  readonly schedule: NoiseSchedule;
  /** Whether the betas were rescaled: the last alpha-bar is then 2^-24, not 0. */
  readonly floorTerminalSnr: boolean;
  readonly spacing: TimestepSpacing;
  readonly stepsOffset: number;
  readonly sigmaSpacing: SigmaSpacing;
  readonly finalSigma: 'zero' | 'sigma_min';
  /** Bounds of the levels that aren't the timesteps' own; missing: those of the training schedule. */
  readonly sigmaMin?: number | undefined;
  readonly sigmaMax?: number | undefined;
  /** Timesteps of a log(alpha / sigma) below this are left out; -Infinity keeps all. */
  readonly lambdaMinClipped: number;
}

export interface SolverLevels {
  /** Whole timesteps, N, or fewer where trailing meets clipped lambdas. */
  readonly timesteps: readonly number[];
  /** One per timestep and the one after the last step, float32. */
  readonly sigmas: readonly number[];
}

export function layOutSolverLevels(options: SolverLevelOptions, stepCount: number): SolverLevels {
  const { schedule, spacing, stepsOffset, sigmaSpacing } = options;
  const training = trainingSigmas(schedule, options.floorTerminalSnr);
  const last = options.finalSigma === 'zero' ? 0 : training[0]!;
  if (sigmaSpacing === 'timesteps') {
    const clipped = training.filter((sigma) => -Math.log(sigma) < options.lambdaMinClipped).length;
    const { trainSteps } = schedule;
    const timesteps = solverTimesteps(spacing, trainSteps, stepCount, stepsOffset, trainSteps - clipped);
    return { timesteps, sigmas: [...interpolate(training, timesteps), last].map(Math.fround) };
  }
  const place = sigmaSpacing === 'karras' ? karrasSigmas : exponentialSigmas;
  const sigmas = place(options.sigmaMin ?? training[0]!, options.sigmaMax ?? training.at(-1)!, stepCount);
  // diffusers rounds for Karras' and Lu's levels and leaves exponential ones to the cast to whole numbers.
  const toWhole = sigmaSpacing === 'exponential' ? Math.trunc : roundHalfToEven;
  const timesteps = sigmas.map((sigma) => toWhole(timestepOfSigma(sigma, training)));
  return { timesteps, sigmas: [...sigmas, last].map(Math.fround) };
}

/** alpha, sigma and lambda = log(alpha / sigma) of the variance-preserving path at a sigma / alpha. */
export interface PathPoint {
  readonly alpha: number;
  readonly sigma: number;
  /** Infinity at the clean end. */
  readonly lambda: number;
}

export function pathPoint(ratio: number): PathPoint {
  const alpha = 1 / Math.sqrt(ratio * ratio + 1);
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) };
}
