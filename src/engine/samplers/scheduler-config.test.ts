/** Published configs, from_config semantics, and what is refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../core/errors.ts';
import { samplerOfClass } from './scheduler-classes.ts';
import {
  asInStableDiffusion,
  createSampler,
  parseSchedulerConfig,
  type SchedulerConfig,
  samplerByName,
  samplerNames,
} from './scheduler-config.ts';

const betas: SchedulerConfig = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };

/** As SD 1.5's repository has it. */
const stableDiffusion15: SchedulerConfig = {
  _class_name: 'PNDMScheduler',
  _diffusers_version: '0.6.0',
  ...betas,
  num_train_timesteps: 1000,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  trained_betas: null,
  clip_sample: false,
};

const timesteps = (name: string, config: SchedulerConfig, stepCount = 4) =>
  samplerByName(name, config)
    .plan(stepCount)
    .steps.map((step) => step.timestep);

function refusal(act: () => unknown): EngineError {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a sampler from scheduler_config.json', () => {
  it.each(Object.entries(samplerOfClass))('%s: %s', (_class_name, name) => {
    expect(createSampler({ _class_name, ...betas }).name).toBe(name);
  });

  it('reads SD 1.5’s own', () => {
    const sampler = createSampler(stableDiffusion15);
    expect(sampler.name).toBe('pndm');
    expect(sampler.plan(10).steps.map((step) => step.timestep)).toEqual([
      901, 801, 801, 701, 601, 501, 401, 301, 201, 101, 1,
    ]);
  });

  it('reads Python’s infinity and a byte-for-byte published spelling', () => {
    const text =
      '{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "note": null}';
    expect(createSampler(parseSchedulerConfig(text)).plan(2).steps.length).toBe(2);
    expect(parseSchedulerConfig('{"_note": "NaN and -Infinity stay \\"text\\""}')).toEqual({
      _note: 'NaN and -Infinity stay "text"',
    });
  });

  it.each(['', '{', '[]', 'null', '"PNDMScheduler"'])('refuses %j as a file', (text) => {
    expect(refusal(() => parseSchedulerConfig(text)).code).toBe('file-malformed');
  });
});

describe('from_config', () => {
  it('gives each class its own default spacing, and passes on what the file states', () => {
    expect(timesteps('ddim', stableDiffusion15)).toEqual([751, 501, 251, 1]);
    expect(timesteps('dpm-solver-multistep', stableDiffusion15)).toEqual([999, 749, 500, 250]);
    expect(timesteps('euler', stableDiffusion15)).toEqual([999, 666, 333, 0]);
    const trailing = { ...stableDiffusion15, timestep_spacing: 'trailing' };
    expect(timesteps('ddim', trailing)).toEqual([999, 749, 499, 249]);
    expect(timesteps('euler', trailing)).toEqual([999, 749, 499, 249]);
  });

  it('drops defaults that another class filled in and recorded', () => {
    const saved = {
      ...stableDiffusion15,
      timestep_spacing: 'leading',
      _use_default_values: ['timestep_spacing'],
    };
    expect(timesteps('euler', saved)).toEqual([999, 666, 333, 0]);
  });

  it('passes over fields of other classes, wrong for this one or not', () => {
    const mixed = {
      ...stableDiffusion15,
      use_karras_sigmas: true,
      solver_type: 'logrho',
      variance_type: 'learned',
    };
    expect(timesteps('ddim', mixed)).toEqual([751, 501, 251, 1]);
  });

  it('reads solver types of kindred classes as the class’s own', () => {
    const plan = (solver_type: string) =>
      samplerByName('dpm-solver-multistep', { ...stableDiffusion15, solver_type }).plan(5);
    expect(plan('bh2')).toEqual(plan('midpoint'));
    expect(plan('heun')).not.toEqual(plan('midpoint'));
    const unipc = (solver_type: string) =>
      samplerByName('unipc', { ...stableDiffusion15, solver_type }).plan(5);
    expect(unipc('heun')).toEqual(unipc('bh2'));
    expect(unipc('bh1')).not.toEqual(unipc('bh2'));
  });

  it('takes class defaults for betas: not Stable Diffusion’s, but for LCM', () => {
    const sigma = (name: string) => samplerByName(name).plan(10).sigmas?.[0];
    expect(sigma('euler')).toBeCloseTo(157.4, 0);
    expect(samplerByName('lcm').plan(4)).toEqual(samplerByName('lcm', betas).plan(4));
  });
});

describe('in a Stable Diffusion pipeline', () => {
  it('latents aren’t clipped and timesteps are offset, whatever an old file says', () => {
    const old: SchedulerConfig = { _class_name: 'DDIMScheduler', ...betas };
    const clipped = (config: SchedulerConfig) => {
      const sampler = createSampler(config);
      const state = { latents: Float32Array.of(5), history: [] };
      return sampler.step(sampler.plan(4), state, Float32Array.of(0), 3).endpoint[0]! <= 1;
    };
    expect([clipped(old), clipped(asInStableDiffusion(old))]).toEqual([true, false]);
    expect(timesteps('ddim', old)).toEqual([750, 500, 250, 0]);
    expect(timesteps('ddim', asInStableDiffusion(old))).toEqual([751, 501, 251, 1]);
  });
});

describe('refusals', () => {
  it.each([
    ['DPMSolverSinglestepScheduler', 'dpm-solver-multistep'],
    ['DEISMultistepScheduler', 'dpm-solver-multistep'],
    ['EDMDPMSolverMultistepScheduler', 'dpm-solver-multistep'],
    ['LMSDiscreteScheduler', 'euler'],
    ['EDMEulerScheduler', 'euler'],
    ['KDPM2AncestralDiscreteScheduler', 'euler-ancestral'],
    ['KDPM2DiscreteScheduler', 'heun'],
    ['FlowMatchEulerDiscreteScheduler', 'rectified-flow'],
    ['PeRFlowScheduler', 'rectified-flow'],
    ['TCDScheduler', 'lcm'],
    ['SASolverScheduler', 'unipc'],
    ['IPNDMScheduler', 'pndm'],
    ['DDIMInverseScheduler', 'ddim'],
    ['RePaintScheduler', 'ddpm'],
    ['toString', 'ddim'],
  ])('%s: the nearest is %s', (_class_name, nearest) => {
    const error = refusal(() => createSampler({ _class_name }));
    expect(error).toMatchObject({
      code: 'scheduler-unsupported',
      subject: '_class_name',
      found: _class_name,
    });
    expect(error.remedy).toContain(`'${nearest}'`);
  });

  it('a sampler’s name', () => {
    const error = refusal(() => samplerByName('dpm++ 2m'));
    expect(error).toMatchObject({ code: 'scheduler-unsupported', found: 'dpm++ 2m' });
    expect(error.remedy).toContain("'dpm-solver-multistep'");
    expect(error.wanted).toContain('ddim');
  });

  it.each([
    ['a class', {}, '_class_name'],
    ['a class', { _class_name: 7 }, '_class_name'],
  ])('of a config without %s: %j', (_what, config, subject) => {
    expect(refusal(() => createSampler(config))).toMatchObject({ code: 'config-invalid', subject });
  });

  const invalid: readonly (readonly [name: string, field: string, value: unknown])[] = [
    ['ddim', 'num_train_timesteps', '1000'],
    ['ddim', 'num_train_timesteps', 0],
    ['ddim', 'num_train_timesteps', 99.5],
    ['ddim', 'num_train_timesteps', null],
    ['ddim', 'beta_start', 'small'],
    ['ddim', 'beta_end', -0.1],
    ['ddim', 'beta_schedule', 3],
    ['ddim', 'trained_betas', 'none'],
    ['ddim', 'trained_betas', [0.1, 'x']],
    ['ddim', 'trained_betas', [0.1]],
    ['ddim', 'clip_sample', 'yes'],
    ['ddim', 'set_alpha_to_one', 1],
    ['ddim', 'steps_offset', -1],
    ['ddim', 'prediction_type', []],
    ['ddim', 'timestep_spacing', false],
    ['ddim', 'rescale_betas_zero_snr', 'true'],
    ['euler', 'sigma_min', 0],
    ['lcm', 'original_inference_steps', 2000],
    ['dpm-solver-multistep', 'solver_order', 1.5],
    ['dpm-solver-multistep', 'lambda_min_clipped', 'low'],
    ['unipc', 'disable_corrector', 3],
  ];
  it.each(invalid)('%s: %s = %j is invalid', (name, field, value) => {
    const error = refusal(() => samplerByName(name, { ...betas, [field]: value }));
    expect(error).toMatchObject({ code: 'config-invalid', subject: field });
    expect(error.found).toBeTruthy();
    expect(error.wanted).toBeTruthy();
  });

  const unsupported: readonly (readonly [
    name: string,
    field: string,
    value: unknown,
    more?: SchedulerConfig,
  ])[] = [
    ['ddim', 'beta_schedule', 'laplace'],
    ['ddim', 'prediction_type', 'flow_prediction'],
    ['ddim', 'timestep_spacing', 'random'],
    ['ddim', 'sharpness', 2],
    ['ddpm', 'variance_type', 'learned_range'],
    ['ddpm', 'variance_type', 'fixed_large_log'],
    ['euler', 'use_beta_sigmas', true],
    ['euler', 'interpolation_type', 'cubic'],
    ['euler', 'timestep_type', 'continuous', { prediction_type: 'v_prediction' }],
    ['dpm-solver-multistep', 'solver_order', 4],
    ['dpm-solver-multistep', 'solver_order', 3, { algorithm_type: 'sde-dpmsolver++' }],
    ['dpm-solver-multistep', 'algorithm_type', 'deis2'],
    ['dpm-solver-multistep', 'final_sigmas_type', 'zero', { algorithm_type: 'dpmsolver' }],
    ['dpm-solver-multistep', 'variance_type', 'learned'],
    ['dpm-solver-multistep', 'use_flow_sigmas', true],
    ['unipc', 'solver_p', { a: 1 }],
    ['unipc', 'predict_x0', false],
    ['unipc', 'lower_order_final', false],
  ];
  it.each(unsupported.map(([name, field, value, more]) => [name, field, value, more ?? {}] as const))(
    '%s: %s = %j is unsupported',
    (name, field, value, more) => {
      const error = refusal(() => samplerByName(name, { ...betas, ...more, [field]: value }));
      expect(error).toMatchObject({ code: 'config-unsupported', subject: field });
      expect(error.remedy).toBeTruthy();
    },
  );

  it('two ways to space the sigmas', () => {
    const config = { ...betas, use_karras_sigmas: true, use_exponential_sigmas: true };
    expect(refusal(() => samplerByName('euler', config))).toMatchObject({
      code: 'config-invalid',
      subject: 'use_exponential_sigmas',
    });
  });

  it('epsilon where a zero terminal SNR leaves no signal, and only there', () => {
    const config = { ...betas, rescale_betas_zero_snr: true };
    for (const name of ['ddim', 'ddpm', 'lcm']) {
      const sampler = samplerByName(name, { ...config, timestep_spacing: 'trailing' });
      expect(refusal(() => sampler.plan(4))).toMatchObject({
        code: 'config-unsupported',
        subject: 'prediction_type',
      });
    }
    expect(samplerByName('ddim', config).plan(4).steps.length).toBe(4);
    const v = { ...config, timestep_spacing: 'trailing', prediction_type: 'v_prediction' };
    expect(samplerByName('ddim', v).plan(4).steps.length).toBe(4);
  });

  it('more steps than timesteps, or than the distillation had', () => {
    const refused = (act: () => unknown) =>
      expect(refusal(act)).toMatchObject({ code: 'argument-invalid', subject: 'stepCount' });
    refused(() => samplerByName('ddim', { ...betas, num_train_timesteps: 10 }).plan(11));
    refused(() => samplerByName('ddim', { ...betas, steps_offset: 1 }).plan(1000));
    refused(() => samplerByName('lcm', betas).plan(51));
    refused(() => samplerByName('pndm', { ...betas, skip_prk_steps: false }).plan(3));
    expect(refusal(() => samplerByName('ddim', betas, { eta: 2 }))).toMatchObject({
      code: 'argument-invalid',
      subject: 'eta',
    });
  });

  it('any other config gives a sampler or a typed error', () => {
    const fields = [...invalid, ...unsupported].map(([, field]) => field);
    fc.assert(
      fc.property(
        fc.constantFrom(...samplerNames),
        fc.dictionary(
          fc.constantFrom(...fields),
          fc.oneof(fc.jsonValue(), fc.boolean(), fc.integer({ min: 0, max: 20 })),
        ),
        fc.integer({ min: 1, max: 30 }),
        (name, config, stepCount) => {
          try {
            samplerByName(name, { ...config, num_train_timesteps: 100 }).plan(stepCount);
          } catch (error) {
            expect(error).toBeInstanceOf(EngineError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
