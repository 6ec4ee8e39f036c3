/**
 * DPM-Solver++ in its multistep form, orders 1 to 3 (Lu et al. 2022, arXiv 2211.01095), its predecessor on noise
 * predictions (arXiv 2206.00927), and the stochastic forms of both. As diffusers' DPMSolverMultistepScheduler.
 * Every update is linear in the latents and in the present and earlier predictions, so the plan holds one
 * coefficient for each.
 */
import { combine, type Term } from './linear-combination.ts';
import {
  applyPrediction,
  type CleanLimit,
  cleanPrediction,
  type LinearPrediction,
  limitClean,
  noisePrediction,
  type PredictionType,
} from './prediction.ts';
import type { PlannedStep, Sampler, SamplerPlan } from './sampler.ts';
import {
  layOutSolverLevels,
  type PathPoint,
  pathPoint,
  type SolverLevelOptions,
} from './solver-noise-levels.ts';
import { solverUpdate } from './solver-update.ts';
import { assertNoise, assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime } from './timestep-spacing.ts';

export const solverAlgorithms = ['dpmsolver', 'dpmsolver++', 'sde-dpmsolver', 'sde-dpmsolver++'] as const;
type SolverAlgorithm = (typeof solverAlgorithms)[number];

export interface DpmSolverOptions extends SolverLevelOptions {
  readonly predictionType: PredictionType;
  readonly limit: CleanLimit;
  readonly algorithm: SolverAlgorithm;
  /** 1 to 3; 1 or 2 for the stochastic forms. */
  readonly order: 1 | 2 | 3;
  /** How the second-order term is weighted. */
  readonly solverType: 'midpoint' | 'heun';
  /** Whether runs of fewer than 15 steps end with lower orders. */
  readonly lowerOrderFinal: boolean;
  /** Whether every run ends with a first-order step. */
  readonly eulerAtFinal: boolean;
}

interface DpmSolverStep extends PlannedStep {
  readonly clean: LinearPrediction;
  readonly noise: LinearPrediction;
  readonly alpha: number;
  readonly sigma: number;
  /** The next latents: coefficients of latents, predictions (newest first) and fresh noise. */
  readonly next: {
    readonly latents: number;
    readonly predictions: readonly number[];
    readonly fresh: number;
  };
}

export interface DpmSolverPlan extends SamplerPlan {
  readonly steps: readonly DpmSolverStep[];
  readonly sigmas: readonly number[];
}

export function createDpmSolverMultistep(options: DpmSolverOptions): Sampler<DpmSolverPlan> {
  const { predictionType, limit, algorithm, order, solverType } = options;
  const { trainSteps } = options.schedule;
  const predictsNoise = algorithm === 'dpmsolver' || algorithm === 'sde-dpmsolver';
  return {
    name: 'dpm-solver-multistep',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const { timesteps, sigmas } = layOutSolverLevels(options, stepCount);
      const points = sigmas.map(pathPoint);
      const steps = timesteps.map((timestep, i): DpmSolverStep => {
        const here = points[i]!;
        const stepOrder = orderAt(options, i, timesteps.length);
        const earlier = Array.from({ length: stepOrder - 1 }, (_, k): PathPoint => points[i - 1 - k]!);
        return {
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPrediction(predictionType, here.alpha, here.sigma),
          noise: noisePrediction(predictionType, here.alpha, here.sigma),
          alpha: here.alpha,
          sigma: here.sigma,
          next: solverUpdate(algorithm, solverType, points[i + 1]!, here, earlier),
        };
      });
      return { steps, sigmas, initNoiseSigma: 1, stochastic: algorithm.startsWith('sde') };
    },
    scaleModelInput: (_plan, latents) => latents,
    /** The history: earlier predictions, of clean latents or of noise as the algorithm wants, newest first. */
    step(plan, state, modelOutput, i, noise) {
      assertStepArguments(plan, state, modelOutput, i, Math.min(i, order - 1));
      const { clean, noise: predicted, alpha, sigma, next } = plan.steps[i]!;
      const endpoint = limitClean(applyPrediction(clean, state.latents, modelOutput), limit);
      let prediction = endpoint;
      if (predictsNoise && limit.kind === 'none') {
        prediction = applyPrediction(predicted, state.latents, modelOutput);
      } else if (predictsNoise) {
        prediction = combine([1 / sigma, state.latents], [-alpha / sigma, endpoint]);
      }
      const predictions = [prediction, ...state.history];
      const latents = combine(
        [next.latents, state.latents],
        ...next.predictions.map((coefficient, k): Term => [coefficient, predictions[k]!]),
        [next.fresh, next.fresh === 0 ? prediction : assertNoise(noise, prediction.length)],
      );
      return { state: { latents, history: predictions.slice(0, order - 1) }, endpoint };
    },
  };
}

/** The order of step i of n: rising from 1, and lowered at the end as the options say. */
function orderAt(options: DpmSolverOptions, i: number, n: number): number {
  const lowerAtEnd = options.lowerOrderFinal && n < 15;
  const endsLow = options.eulerAtFinal || lowerAtEnd || options.finalSigma === 'zero';
  if (i === n - 1 && endsLow) return 1;
  const limit = i === n - 2 && lowerAtEnd ? 2 : 3;
  return Math.min(options.order, i + 1, limit);
}
