/**
 * Pseudo numerical methods (Liu, Ren, Lin & Zhao 2022, arXiv 2202.09778, formulas 9, 12 and 13). PLMS, the form
 * that Stable Diffusion uses, corrects its first step with a second evaluation: N + 1 in all. With Runge-Kutta
 * at the start (skip_prk_steps false) the first three steps take four evaluations each: N + 9.
 * As diffusers' PNDMScheduler.
 */
import { EngineError } from '../core/errors.ts';
import { type AlphaSamplerOptions, assertSignal, finalAlpha } from './alpha-sampler.ts';
import { combine, type Term } from './linear-combination.ts';
import { applyPrediction, cleanPrediction, type LinearPrediction, noisePrediction } from './prediction.ts';
import type { PlannedStep, Sampler, SamplerPlan } from './sampler.ts';
import { assertStepArguments, assertStepCount } from './step-arguments.ts';
import { pathTime, wholeTimesteps } from './timestep-spacing.ts';

export interface PndmOptions extends AlphaSamplerOptions {
  readonly setAlphaToOne: boolean;
  readonly skipRungeKutta: boolean;
}

/** Where an evaluation's step goes and what of the earlier outputs it uses, before alphas come in. */
interface Stage {
  readonly timestep: number;
  /** Timesteps stepped from and to; `to` below 0 is the end. */
  readonly from: number;
  readonly to: number;
  /** Whether the step starts again from the latents that this group of evaluations started from. */
  readonly restart: boolean;
  /** Weights of this evaluation's output and of the outputs in the history, in order. */
  readonly weights: readonly number[];
  /** Which of these, by the same numbering, the next evaluation finds in the history. */
  readonly kept: readonly number[];
}

interface PndmStep extends PlannedStep, Pick<Stage, 'restart' | 'weights' | 'kept'> {
  readonly clean: LinearPrediction;
  /** The noise that the weighted output stands for at the timestep stepped from. */
  readonly noise: LinearPrediction;
  /** The transfer of formula 9: coefficients of latents and noise. */
  readonly transfer: { readonly latents: number; readonly noise: number };
}

export interface PndmPlan extends SamplerPlan {
  readonly steps: readonly PndmStep[];
}

export function createPndm(options: PndmOptions): Sampler<PndmPlan> {
  const { schedule, spacing, stepsOffset, predictionType, setAlphaToOne, skipRungeKutta } = options;
  const { alphasCumprod, trainSteps } = schedule;

  function planStep({ timestep, from, to, ...stage }: Stage): PndmStep {
    const alphaHere = assertSignal(options, timestep);
    const alphaFrom = assertSignal(options, from);
    const alphaTo = to >= 0 ? alphasCumprod[to]! : finalAlpha(schedule, setAlphaToOne);
    const denominator = alphaFrom * Math.sqrt(1 - alphaTo) + Math.sqrt(alphaFrom * (1 - alphaFrom) * alphaTo);
    return {
      ...stage,
      timestep,
      time: pathTime(timestep, trainSteps),
      clean: cleanPrediction(predictionType, Math.sqrt(alphaHere), Math.sqrt(1 - alphaHere)),
      noise: noisePrediction(predictionType, Math.sqrt(alphaFrom), Math.sqrt(1 - alphaFrom)),
      transfer: { latents: Math.sqrt(alphaTo / alphaFrom), noise: (alphaFrom - alphaTo) / denominator },
    };
  }

  return {
    name: 'pndm',
    plan(stepCount) {
      assertStepCount(stepCount, Math.min(1000, trainSteps));
      const timesteps = wholeTimesteps(spacing, trainSteps, stepCount, stepsOffset);
      const stride = Math.floor(trainSteps / stepCount);
      const stages = skipRungeKutta
        ? multistepStages(timesteps, stride)
        : rungeKuttaStages(timesteps, stride);
      return { steps: stages.map(planStep), initNoiseSigma: 1, stochastic: false };
    },
    scaleModelInput: (_plan, latents) => latents,
    /** The history: the latents to start again from, then earlier outputs. */
    step(plan, state, modelOutput, i) {
      assertStepArguments(
        plan,
        state,
        modelOutput,
        i,
        i === 0 ? 0 : 1 + (plan.steps[i - 1]?.kept.length ?? 0),
      );
      const { clean, noise, transfer, restart, weights, kept } = plan.steps[i]!;
      const [earlierStart, ...earlier] = state.history;
      const start = restart ? earlierStart! : state.latents;
      const outputs = [modelOutput, ...earlier];
      const weighted = combine(...weights.map((weight, k): Term => [weight, outputs[k]!]));
      const latents = combine(
        [transfer.latents, start],
        [transfer.noise, applyPrediction(noise, start, weighted)],
      );
      return {
        state: { latents, history: [start, ...kept.map((k) => outputs[k]!)] },
        endpoint: applyPrediction(clean, state.latents, modelOutput),
      };
    },
  };
}

const adamsBashforth = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/** PLMS: the second timestep twice (formula 13's start is the trapezoid), then Adams-Bashforth of rising order. */
function multistepStages(timesteps: readonly number[], stride: number): Stage[] {
  const [first, ...rest] = timesteps as [number, ...number[]];
  const start: Stage = {
    timestep: first,
    from: first,
    to: first - stride,
    restart: false,
    weights: [1],
    kept: [0],
  };
  const second = rest[0];
  if (second === undefined) return [start];
  const correction: Stage = {
    timestep: second,
    from: second + stride,
    to: second,
    restart: true,
    weights: [1 / 2, 1 / 2],
    kept: [1],
  };
  return [start, correction, ...rest.map((timestep, i) => adamsStage(timestep, stride, Math.min(i + 1, 3)))];
}

/** Three Runge-Kutta steps of four evaluations, at half timesteps between, then Adams-Bashforth of order 4. */
function rungeKuttaStages(timesteps: readonly number[], stride: number): Stage[] {
  if (timesteps.length < 4) {
    throw new EngineError('argument-invalid', 'Runge-Kutta starting steps need at least 4 steps.', {
      subject: 'stepCount',
      found: `${timesteps.length}`,
      wanted: 'at least 4 with skip_prk_steps false',
      remedy: 'Ask for more steps, or set skip_prk_steps to true.',
    });
  }
  const half = Math.floor(stride / 2);
  const groups = [0, 1, 2].flatMap((g): Stage[] => {
    const from = timesteps[g]!;
    const next = timesteps[g + 1]!;
    // The history's outputs: the first outputs of the groups, newest first (k1 among them), then k2 and k3.
    const firsts = Array.from({ length: g + 1 }, (_, k) => k + 1);
    const none = Array.from({ length: g }, () => 0);
    const stage = { from, restart: true, weights: [1] };
    return [
      { ...stage, timestep: from, to: from - half, restart: false, kept: [0, ...firsts.slice(0, g)] },
      { ...stage, timestep: next + half, to: next + half, kept: [...firsts, 0] },
      { ...stage, timestep: next + half, to: next, kept: [...firsts, g + 2, 0] },
      { ...stage, timestep: next, to: next, weights: [1 / 6, 1 / 6, ...none, 1 / 3, 1 / 3], kept: firsts },
    ];
  });
  return [...groups, ...timesteps.slice(3).map((timestep) => adamsStage(timestep, stride, 3))];
}

/** @param earlier number of earlier outputs in the history, 1 to 3 */
function adamsStage(timestep: number, stride: number, earlier: number): Stage {
  return {
    timestep,
    from: timestep,
    to: timestep - stride,
    restart: false,
    weights: adamsBashforth[earlier]!,
    kept: [0, 1, 2].slice(0, earlier + 1),
  };
}
