/**
 * From a model folder's scheduler_config.json to a sampler, with diffusers' from_config semantics: a class reads
 * its own fields, takes its own defaults for what is absent, and passes over fields of other classes.
 */
import { EngineError } from '../core/errors.ts';
import { ConfigFields, type SchedulerConfig } from './config-fields.ts';
import { nearestSampler } from './nearest-sampler.ts';
import { createRectifiedFlow } from './rectified-flow.ts';
import type { Sampler } from './sampler.ts';
import {
  type DiffusionSamplerName,
  initialSigmaOfClass,
  type SamplerName,
  type StepOptions,
  samplerFactories,
  samplerOfClass,
} from './scheduler-classes.ts';
import { assertKnownFields } from './scheduler-fields.ts';

export type { SchedulerConfig } from './config-fields.ts';
export type { SamplerName, StepOptions } from './scheduler-classes.ts';

export const samplerNames: readonly SamplerName[] = [
  'rectified-flow',
  ...(Object.keys(samplerFactories) as DiffusionSamplerName[]),
];

/**
 * The text of a scheduler_config.json as an object. Python writes -Infinity and NaN, which JSON doesn't know
 * (lambda_min_clipped of DPM-Solver); they are read as text, and the fields understand that.
 * @throws EngineError 'file-malformed'
 */
export function parseSchedulerConfig(
  text: string,
  subject = 'scheduler/scheduler_config.json',
): SchedulerConfig {
  const readable = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  let value: unknown;
  try {
    value = JSON.parse(readable);
  } catch (cause) {
    throw malformed(subject, 'text that is no JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(subject, `${JSON.stringify(value)}`.slice(0, 60));
  }
  return value as SchedulerConfig;
}

/**
 * The config as StableDiffusionPipeline's constructor leaves it: latents aren't clipped, and timesteps are
 * offset by 1, whatever an old file says. Use it for every Stable Diffusion folder; not for a scheduler alone.
 */
export function asInStableDiffusion(config: SchedulerConfig): SchedulerConfig {
  return { ...config, steps_offset: 1, clip_sample: false };
}

/**
 * The sampler that the config names.
 * @throws EngineError 'config-invalid' for a field of the wrong type or out of range; 'config-unsupported' for a
 *   value that can't be honoured; 'scheduler-unsupported' for a class without a sampler here
 */
export function createSampler(config: SchedulerConfig, options: StepOptions = {}): Sampler {
  const className = config._class_name;
  if (typeof className !== 'string') {
    throw new EngineError('config-invalid', "The scheduler's config names no class.", {
      subject: '_class_name',
      found: JSON.stringify(className) ?? 'nothing',
      wanted: "a scheduler class, such as 'PNDMScheduler'",
      remedy: 'Choose a sampler by name.',
    });
  }
  const name = Object.hasOwn(samplerOfClass, className) ? samplerOfClass[className] : undefined;
  if (name === undefined) throw unsupportedScheduler('_class_name', className, Object.keys(samplerOfClass));
  return createDiffusionSampler(name, config, className, options);
}

/**
 * A sampler by its own name, over a folder's scheduler config of whatever class: from_config of another class.
 * Without a config, the class's defaults, whose betas (linear, 0.0001 to 0.02) are not Stable Diffusion's.
 * For 'rectified-flow' the config gives the initial noise level alone, as in the authors' pipeline.
 * @throws EngineError as {@link createSampler}; 'scheduler-unsupported' for an unknown name
 */
export function samplerByName(
  name: string,
  config: SchedulerConfig = {},
  options: StepOptions = {},
): Sampler {
  if (name === 'rectified-flow') return createRectifiedFlow({ initNoiseSigma: initialSigmaOf(config) });
  if (!isDiffusionSampler(name)) throw unsupportedScheduler('sampler', name, samplerNames);
  return createDiffusionSampler(name, config, name, options);
}

function isDiffusionSampler(name: string): name is DiffusionSamplerName {
  return Object.hasOwn(samplerFactories, name);
}

function createDiffusionSampler(
  name: DiffusionSamplerName,
  config: SchedulerConfig,
  title: string,
  options: StepOptions,
): Sampler {
  const stated = withoutRecordedDefaults(config);
  assertKnownFields(stated, title);
  const { eta = 0 } = options;
  if (!(eta >= 0 && eta <= 1)) {
    throw new EngineError('argument-invalid', `${eta} is no share of DDPM's variance.`, {
      subject: 'eta',
      found: `${eta}`,
      wanted: 'a number from 0 to 1',
    });
  }
  return samplerFactories[name](new ConfigFields(stated, title), options);
}

/** from_config passes on what a file states, not the defaults that another class filled in and recorded. */
function withoutRecordedDefaults(config: SchedulerConfig): SchedulerConfig {
  const recorded = config._use_default_values;
  if (!Array.isArray(recorded)) return config;
  return Object.fromEntries(Object.entries(config).filter(([name]) => !recorded.includes(name)));
}

/** diffusers' `init_noise_sigma` of a scheduler that was loaded and not yet told a number of steps. */
function initialSigmaOf(config: SchedulerConfig): number {
  const className = config._class_name;
  if (typeof className !== 'string') return 1;
  return initialSigmaOfClass(className, new ConfigFields(config, className));
}

function unsupportedScheduler(subject: string, found: string, known: readonly string[]): EngineError {
  const nearest = nearestSampler(found);
  return new EngineError('scheduler-unsupported', `There is no sampler ${JSON.stringify(found)} here.`, {
    subject,
    found,
    wanted: known.join(', '),
    remedy: `The nearest one is '${nearest}': choose it by name.`,
  });
}

function malformed(subject: string, found: string, cause?: unknown): EngineError {
  return new EngineError('file-malformed', `${subject} holds no scheduler config.`, {
    subject,
    found,
    wanted: 'a JSON object',
    remedy: 'Download the file again, or choose a sampler by name.',
    cause,
  });
}
