/** Diffusers' scheduler classes that have a sampler here: their fields, with each class's own defaults. */
import type { AlphaSamplerOptions } from './alpha-sampler.ts';
import type { ConfigFields } from './config-fields.ts';
import { createDdim } from './ddim.ts';
import { createDdpm, varianceTypes } from './ddpm.ts';
import { createDpmSolverMultistep, solverAlgorithms } from './dpm-solver-multistep.ts';
import { createEuler } from './euler.ts';
import { createEulerAncestral } from './euler-ancestral.ts';
import { createHeun } from './heun.ts';
import { createLcm } from './lcm.ts';
import {
  type BetaSchedule,
  betaSchedules,
  createNoiseSchedule,
  type NoiseSchedule,
} from './noise-schedule.ts';
import { createPndm } from './pndm.ts';
import { type CleanLimit, type PredictionType, predictionTypes } from './prediction.ts';
import type { Sampler } from './sampler.ts';
import { type SigmaSamplerOptions, trainingInitialSigma } from './sigma-sampler.ts';
import type { SigmaSpacing } from './sigma-schedule.ts';
import type { SolverLevelOptions } from './solver-noise-levels.ts';
import { type TimestepSpacing, timestepSpacings } from './timestep-spacing.ts';
import { createUnipc } from './unipc.ts';

/** What isn't in the file: arguments of diffusers' `step`. */
export interface StepOptions {
  /** DDIM only: 0 (default) deterministic, 1 the variance of DDPM. */
  readonly eta?: number;
}

interface BetaDefaults {
  readonly start: number;
  readonly end: number;
  readonly schedule: BetaSchedule;
}

const ddpmBetas: BetaDefaults = { start: 0.0001, end: 0.02, schedule: 'linear' };
const latentBetas: BetaDefaults = { start: 0.00085, end: 0.012, schedule: 'scaled_linear' };
const heunBetas: BetaDefaults = { start: 0.00085, end: 0.012, schedule: 'linear' };

/** By the sampler's name. */
export const samplerFactories = {
  ddim: (fields: ConfigFields, { eta = 0 }: StepOptions) =>
    createDdim({
      ...alphaOptions(fields),
      limit: cleanLimit(fields, true),
      setAlphaToOne: fields.boolean('set_alpha_to_one', true),
      eta,
    }),
  ddpm: (fields: ConfigFields) =>
    createDdpm({
      ...alphaOptions(fields),
      limit: cleanLimit(fields, true),
      varianceType: fields.choice('variance_type', 'fixed_small', varianceTypes),
    }),
  pndm: (fields: ConfigFields) =>
    createPndm({
      ...alphaOptions(fields, false),
      setAlphaToOne: fields.boolean('set_alpha_to_one', false),
      skipRungeKutta: fields.boolean('skip_prk_steps', false),
    }),
  lcm: (fields: ConfigFields) =>
    createLcm({
      schedule: noiseSchedule(fields, latentBetas, true),
      predictionType: predictionType(fields),
      limit: cleanLimit(fields, false),
      originalSteps: fields.number('original_inference_steps', 50, { minimum: 1, whole: true }),
      timestepScaling: fields.number('timestep_scaling', 10),
    }),
  euler: (fields: ConfigFields) => {
    const options = sigmaOptions(fields);
    // EDM's continuous timesteps are another quantity than training timesteps; with epsilon diffusers ignores them.
    if (options.predictionType === 'v_prediction') fields.choice('timestep_type', 'discrete', ['discrete']);
    return createEuler({
      ...options,
      layout: {
        sigmaSpacing: sigmaSpacing(fields, false),
        interpolation: fields.choice('interpolation_type', 'linear', ['linear', 'log_linear']),
        finalSigma: finalSigma(fields),
        ...sigmaBounds(fields),
      },
    });
  },
  'euler-ancestral': (fields: ConfigFields) => createEulerAncestral(sigmaOptions(fields)),
  heun: (fields: ConfigFields) =>
    createHeun({
      ...sigmaOptions(fields, heunBetas, false),
      layout: { sigmaSpacing: sigmaSpacing(fields, false), ...sigmaBounds(fields) },
      limit: fields.boolean('clip_sample', false) ? clipLimit(fields) : { kind: 'none' },
    }),
  'dpm-solver-multistep': dpmSolver,
  unipc,
} satisfies Record<string, (fields: ConfigFields, options: StepOptions) => Sampler>;

export type DiffusionSamplerName = keyof typeof samplerFactories;

export type SamplerName = DiffusionSamplerName | 'rectified-flow';

/** The sampler of each diffusers class. The parallel classes are the same algorithm, batched otherwise. */
export const samplerOfClass: Readonly<Record<string, DiffusionSamplerName>> = {
  DDIMScheduler: 'ddim',
  DDIMParallelScheduler: 'ddim',
  DDPMScheduler: 'ddpm',
  DDPMParallelScheduler: 'ddpm',
  PNDMScheduler: 'pndm',
  LCMScheduler: 'lcm',
  EulerDiscreteScheduler: 'euler',
  EulerAncestralDiscreteScheduler: 'euler-ancestral',
  HeunDiscreteScheduler: 'heun',
  DPMSolverMultistepScheduler: 'dpm-solver-multistep',
  UniPCMultistepScheduler: 'unipc',
};

/** The standard deviation that the class's initial latents have before a number of steps is set; 1 for most. */
export function initialSigmaOfClass(className: string, fields: ConfigFields): number {
  switch (className) {
    case 'EulerDiscreteScheduler':
    case 'EulerAncestralDiscreteScheduler':
      return trainingInitialSigma(sigmaOptions(fields));
    case 'HeunDiscreteScheduler':
      return trainingInitialSigma(sigmaOptions(fields, heunBetas, false));
    default:
      return 1;
  }
}

function sigmaOptions(fields: ConfigFields, betas = ddpmBetas, rescales = true): SigmaSamplerOptions {
  return {
    schedule: noiseSchedule(fields, betas, rescales),
    floorTerminalSnr: rescales && fields.boolean('rescale_betas_zero_snr', false),
    spacing: spacing(fields, 'linspace'),
    stepsOffset: stepsOffset(fields),
    predictionType: predictionType(fields),
  };
}

function dpmSolver(fields: ConfigFields): Sampler {
  const final = finalSigma(fields);
  const named = fields.choice('algorithm_type', 'dpmsolver++', [...solverAlgorithms, 'deis']);
  const algorithm = named === 'deis' ? 'dpmsolver++' : named;
  const solverType = fields.choice('solver_type', 'midpoint', ['midpoint', 'heun', 'logrho', 'bh1', 'bh2']);
  const order = fields.number('solver_order', 2, { minimum: 1, whole: true });
  const stochastic = algorithm.startsWith('sde');
  if (order > 3 || (stochastic && order > 2))
    throw fields.unsupported('solver_order', stochastic ? '1 or 2' : '1 to 3');
  if (!algorithm.endsWith('++') && final === 'zero') {
    throw fields.unsupported('final_sigmas_type', `sigma_min, for algorithm_type ${algorithm}`);
  }
  fields.refuse('variance_type', 'use_flow_sigmas');
  return createDpmSolverMultistep({
    ...solverLevels(fields, final),
    predictionType: predictionType(fields),
    limit: thresholdLimit(fields),
    algorithm,
    order: order as 1 | 2 | 3,
    solverType: solverType === 'heun' ? 'heun' : 'midpoint',
    lowerOrderFinal: fields.boolean('lower_order_final', true),
    eulerAtFinal: fields.boolean('euler_at_final', false),
  });
}

function unipc(fields: ConfigFields): Sampler {
  const final = finalSigma(fields);
  const predictsClean = fields.boolean('predict_x0', true);
  const order = fields.number('solver_order', 2, { minimum: 1, whole: true });
  const lowerOrderFinal = fields.boolean('lower_order_final', true);
  // Both divide by the infinite step to sigma = 0; diffusers' result is NaN there.
  if (final === 'zero' && !predictsClean)
    throw fields.unsupported('predict_x0', 'true, for final_sigmas_type zero');
  if (final === 'zero' && !lowerOrderFinal && order > 1) {
    throw fields.unsupported('lower_order_final', 'true, for final_sigmas_type zero');
  }
  fields.refuse('solver_p', 'use_flow_sigmas');
  const solverType = fields.choice('solver_type', 'bh2', ['bh1', 'bh2', 'midpoint', 'heun', 'logrho']);
  return createUnipc({
    ...solverLevels(fields, final),
    predictionType: predictionType(fields),
    limit: thresholdLimit(fields),
    order,
    predictsClean,
    solverType: solverType === 'bh1' ? 'bh1' : 'bh2',
    lowerOrderFinal,
    uncorrectedSteps: fields.optionalNumbers('disable_corrector') ?? [],
  });
}

function solverLevels(fields: ConfigFields, final: 'zero' | 'sigma_min'): SolverLevelOptions {
  return {
    schedule: noiseSchedule(fields, ddpmBetas, true),
    floorTerminalSnr: fields.boolean('rescale_betas_zero_snr', false),
    spacing: spacing(fields, 'linspace'),
    stepsOffset: stepsOffset(fields),
    sigmaSpacing: sigmaSpacing(fields, true),
    finalSigma: final,
    lambdaMinClipped: fields.number('lambda_min_clipped', -Infinity),
    ...sigmaBounds(fields),
  };
}

function alphaOptions(fields: ConfigFields, rescales = true): AlphaSamplerOptions {
  return {
    schedule: noiseSchedule(fields, ddpmBetas, rescales),
    spacing: spacing(fields, 'leading'),
    stepsOffset: stepsOffset(fields),
    predictionType: predictionType(fields),
  };
}

/** @param rescales whether the class knows rescale_betas_zero_snr; the others ignore it */
function noiseSchedule(fields: ConfigFields, defaults: BetaDefaults, rescales: boolean): NoiseSchedule {
  return createNoiseSchedule({
    trainSteps: fields.number('num_train_timesteps', 1000, { minimum: 1, maximum: 1_000_000, whole: true }),
    betaStart: fields.number('beta_start', defaults.start, { minimum: 0, maximum: 1 }),
    betaEnd: fields.number('beta_end', defaults.end, { minimum: 0, maximum: 1 }),
    betaSchedule: fields.choice('beta_schedule', defaults.schedule, betaSchedules),
    trainedBetas: fields.optionalNumbers('trained_betas'),
    rescaleToZeroTerminalSnr: rescales && fields.boolean('rescale_betas_zero_snr', false),
  });
}

function spacing(fields: ConfigFields, fallback: TimestepSpacing): TimestepSpacing {
  return fields.choice('timestep_spacing', fallback, timestepSpacings);
}

function stepsOffset(fields: ConfigFields): number {
  return fields.number('steps_offset', 0, { minimum: 0, whole: true });
}

function predictionType(fields: ConfigFields): PredictionType {
  return fields.choice('prediction_type', 'epsilon', predictionTypes);
}

function finalSigma(fields: ConfigFields): 'zero' | 'sigma_min' {
  return fields.choice('final_sigmas_type', 'zero', ['zero', 'sigma_min']);
}

function sigmaBounds(fields: ConfigFields): { sigmaMin: number | undefined; sigmaMax: number | undefined } {
  const positive = { minimum: Number.MIN_VALUE };
  return {
    sigmaMin: fields.optionalNumber('sigma_min', positive),
    sigmaMax: fields.optionalNumber('sigma_max', positive),
  };
}

/** At most one of the fields may be true. */
function sigmaSpacing<Lu extends boolean>(
  fields: ConfigFields,
  knowsLu: Lu,
): Lu extends true ? SigmaSpacing : Exclude<SigmaSpacing, 'lu'>;
function sigmaSpacing(fields: ConfigFields, knowsLu: boolean): SigmaSpacing {
  fields.refuse('use_beta_sigmas');
  const spacings: SigmaSpacing[] = [];
  if (fields.boolean('use_karras_sigmas', false)) spacings.push('karras');
  if (fields.boolean('use_exponential_sigmas', false)) spacings.push('exponential');
  if (knowsLu && fields.boolean('use_lu_lambdas', false)) spacings.push('lu');
  if (spacings.length > 1)
    throw fields.invalid(
      `use_${spacings[1]}_${spacings[1] === 'lu' ? 'lambdas' : 'sigmas'}`,
      'one way to space the sigmas',
    );
  return spacings[0] ?? 'timesteps';
}

/** Thresholding comes before clipping, where a config asks for both. */
function cleanLimit(fields: ConfigFields, clips: boolean): CleanLimit {
  const threshold = thresholdLimit(fields);
  if (threshold.kind !== 'none' || !fields.boolean('clip_sample', clips)) return threshold;
  return clipLimit(fields);
}

function clipLimit(fields: ConfigFields): CleanLimit {
  return { kind: 'clip', range: fields.number('clip_sample_range', 1, { minimum: 0 }) };
}

function thresholdLimit(fields: ConfigFields): CleanLimit {
  if (!fields.boolean('thresholding', false)) return { kind: 'none' };
  return {
    kind: 'threshold',
    ratio: fields.number('dynamic_thresholding_ratio', 0.995, { minimum: 0, maximum: 1 }),
    maximum: fields.number('sample_max_value', 1, { minimum: 0 }),
  };
}
