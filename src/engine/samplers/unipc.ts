/**
 * UniPC (Zhao et al. 2023, arXiv 2302.04867), multistep with B(h): each evaluation first corrects the latents that
 * led to it (UniC), then predicts the next ones (UniP). As diffusers' UniPCMultistepScheduler.
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
import { assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime } from './timestep-spacing.ts';
import { correctorUpdate, predictorUpdate, type UnipcForm, type UnipcUpdate } from './unipc-update.ts';

export interface UnipcOptions extends SolverLevelOptions, UnipcForm {
  readonly predictionType: PredictionType;
  /** Acts on clean predictions only. */
  readonly limit: CleanLimit;
  readonly order: number;
  readonly lowerOrderFinal: boolean;
  /** Steps after which no correction is made. */
  readonly uncorrectedSteps: readonly number[];
}

interface UnipcStep extends PlannedStep {
  readonly clean: LinearPrediction;
  /** What the formulas work with, of this evaluation: clean latents or noise. */
  readonly prediction: LinearPrediction;
  /** From the latents of the step before, its predictions and this one (newest first); undefined: none. */
  readonly corrector: UnipcUpdate | undefined;
  readonly predictor: UnipcUpdate;
}

export interface UnipcPlan extends SamplerPlan {
  readonly steps: readonly UnipcStep[];
  readonly sigmas: readonly number[];
}

export function createUnipc(options: UnipcOptions): Sampler<UnipcPlan> {
  const { predictionType, predictsClean, limit, order } = options;
  const { trainSteps } = options.schedule;
  return {
    name: 'unipc',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const { timesteps, sigmas } = layOutSolverLevels(options, stepCount);
      const points = sigmas.map(pathPoint);
      const orderAt = (i: number) =>
        Math.min(order, i + 1, options.lowerOrderFinal ? timesteps.length - i : order);
      const steps = timesteps.map((timestep, i): UnipcStep => {
        const { alpha, sigma } = points[i]!;
        const before = (count: number, at: number): PathPoint[] =>
          Array.from({ length: count }, (_, k) => points[at - 1 - k]!);
        const corrects = i > 0 && !options.uncorrectedSteps.includes(i - 1);
        const predict = predictsClean ? cleanPrediction : noisePrediction;
        return {
          timestep,
          time: pathTime(timestep, trainSteps),
          clean: cleanPrediction(predictionType, alpha, sigma),
          prediction: predict(predictionType, alpha, sigma),
          corrector: corrects
            ? correctorUpdate(options, points[i]!, points[i - 1]!, before(orderAt(i - 1) - 1, i - 1))
            : undefined,
          predictor: predictorUpdate(options, points[i + 1]!, points[i]!, before(orderAt(i) - 1, i)),
        };
      });
      return { steps, sigmas, initNoiseSigma: 1, stochastic: false };
    },
    scaleModelInput: (_plan, latents) => latents,
    /** The history: the (corrected) latents of the step before, then earlier predictions, newest first. */
    step(plan, state, modelOutput, i) {
      assertStepArguments(plan, state, modelOutput, i, i === 0 ? 0 : 1 + Math.min(i, order));
      const { clean, prediction, corrector, predictor } = plan.steps[i]!;
      const [before, ...earlier] = state.history;
      const endpoint = limitClean(applyPrediction(clean, state.latents, modelOutput), limit);
      const here = predictsClean ? endpoint : applyPrediction(prediction, state.latents, modelOutput);
      const predictions = [here, ...earlier];
      const corrected = corrector === undefined ? state.latents : update(corrector, before!, predictions);
      const latents = update(predictor, corrected, predictions);
      return { state: { latents, history: [corrected, ...predictions.slice(0, order)] }, endpoint };
    },
  };
}

function update(
  coefficients: UnipcUpdate,
  latents: Float32Array,
  predictions: readonly Float32Array[],
): Float32Array {
  return combine(
    [coefficients.latents, latents],
    ...coefficients.predictions.map((coefficient, k): Term => [coefficient, predictions[k]!]),
  );
}
