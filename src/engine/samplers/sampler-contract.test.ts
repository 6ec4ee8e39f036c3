/** What every sampler promises (sampler.ts), over every sampler and its main forms. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianNoise } from '../core/noise.ts';
import { initialState } from './initial-state.ts';
import type { Sampler, SamplerPlan } from './sampler.ts';
import { type SchedulerConfig, type StepOptions, samplerByName, samplerNames } from './scheduler-config.ts';

const stableDiffusion: SchedulerConfig = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  steps_offset: 1,
  clip_sample: false,
  skip_prk_steps: true,
};

interface Form {
  readonly title: string;
  readonly sampler: Sampler;
  /** Evaluations of N steps, where they aren't N. */
  readonly evaluations?: (stepCount: number) => number;
  /** Whether N steps end at the last end point: the noise level after it is 0 and nothing else is mixed in. */
  readonly endsAtEndpoint: (stepCount: number) => boolean;
  /** Smallest and largest N. */
  readonly range?: readonly [number, number];
}

function form(
  name: string,
  extra: SchedulerConfig = {},
  rest: Partial<Omit<Form, 'sampler'>> & { readonly options?: StepOptions } = {},
): Form {
  const { options, ...facts } = rest;
  const title = [
    name,
    ...Object.entries({ ...extra, ...options }).map(([key, value]) => `${key} ${value}`),
  ].join(', ');
  const sampler = samplerByName(name, { ...stableDiffusion, ...extra }, options);
  return { title, sampler, endsAtEndpoint: () => true, ...facts };
}

const never = () => false;
const correction = (stepCount: number) => (stepCount === 1 ? 1 : stepCount + 1);

const forms: readonly Form[] = [
  form('rectified-flow', {}, { range: [1, 1000] }),
  form('ddim', { set_alpha_to_one: true }),
  form('ddim', { set_alpha_to_one: false }, { endsAtEndpoint: never }),
  form('ddim', { set_alpha_to_one: true }, { options: { eta: 1 } }),
  form('ddpm'),
  form('ddpm', { variance_type: 'fixed_large' }, { endsAtEndpoint: never }),
  form('ddpm', { timestep_spacing: 'linspace' }),
  form('pndm', { set_alpha_to_one: true }, { evaluations: correction, endsAtEndpoint: (n) => n === 1 }),
  form(
    'pndm',
    { skip_prk_steps: false },
    { evaluations: (n) => n + 9, endsAtEndpoint: never, range: [4, 999] },
  ),
  form('dpm-solver-multistep'),
  form('dpm-solver-multistep', { solver_order: 3, use_karras_sigmas: true }),
  form('dpm-solver-multistep', { algorithm_type: 'sde-dpmsolver++' }),
  form(
    'dpm-solver-multistep',
    { algorithm_type: 'dpmsolver', final_sigmas_type: 'sigma_min' },
    { endsAtEndpoint: never },
  ),
  form(
    'dpm-solver-multistep',
    { final_sigmas_type: 'sigma_min', use_karras_sigmas: true },
    { endsAtEndpoint: never },
  ),
  form('euler'),
  form('euler', { timestep_spacing: 'trailing', use_karras_sigmas: true }),
  form('euler', { final_sigmas_type: 'sigma_min' }, { endsAtEndpoint: never }),
  form('euler', { rescale_betas_zero_snr: true, timestep_spacing: 'trailing' }),
  form('euler-ancestral'),
  form('lcm', {}, { range: [1, 50] }),
  form('heun', {}, { evaluations: (n) => 2 * n - 1 }),
  form('unipc'),
  form('unipc', { solver_order: 3, solver_type: 'bh1' }),
];

const size = 24;

/** A smooth stand-in for a network. */
function modelOutput(input: Float32Array, timestep: number): Float32Array {
  return input.map((x, k) => 0.4 * Math.sin(x) + 0.05 * Math.cos(k + timestep / 300));
}

interface Run {
  readonly latents: Float32Array[];
  readonly endpoints: Float32Array[];
}

/** Draws a picture, with every array that a sampler is given frozen by comparison. */
function run(sampler: Sampler, stepCount: number): Run {
  const plan = sampler.plan(stepCount);
  const planBefore = structuredClone(plan);
  let state = initialState(plan, gaussianNoise(size, { seed: 5 }));
  const latents: Float32Array[] = [state.latents];
  const endpoints: Float32Array[] = [];
  plan.steps.forEach((step, i) => {
    const input = sampler.scaleModelInput(plan, state.latents, i);
    const output = modelOutput(input, step.timestep);
    const noise = plan.stochastic ? gaussianNoise(size, { seed: 5, stream: 1 + i }) : undefined;
    const given = [state.latents, output, ...state.history, ...(noise === undefined ? [] : [noise])];
    const copies = given.map((values) => values.slice());
    const result = sampler.step(plan, state, output, i, noise);
    expect(given).toEqual(copies);
    state = result.state;
    latents.push(state.latents);
    endpoints.push(result.endpoint);
  });
  expect(plan).toEqual(planBefore);
  return { latents, endpoints };
}

it('has a form of every sampler', () => {
  expect(new Set(forms.map(({ sampler }) => sampler.name))).toEqual(new Set(samplerNames));
});

describe.each(forms.map((form) => [form.title, form] as const))('%s', (_title, facts) => {
  const { sampler, evaluations = (n: number) => n, endsAtEndpoint, range = [1, 999] } = facts;
  const counts = [...new Set([range[0], 4, 7, 25, 50])];

  it.each(counts)('N = %d: changes nothing it is given, and gives the same twice', (stepCount) => {
    const first = run(sampler, stepCount);
    const second = run(sampler, stepCount);
    expect(second).toEqual(first);
    for (const values of [...first.latents, ...first.endpoints]) {
      expect(values.length).toBe(size);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it('plans as many evaluations as it says, with falling timesteps and path times from noise to picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: range[0], max: range[1] }), (stepCount) => {
        const plan: SamplerPlan = sampler.plan(stepCount);
        expect(plan.steps.length).toBe(evaluations(stepCount));
        expect(plan.initNoiseSigma).toBeGreaterThan(0);
        const isFalling = (values: readonly number[]) =>
          values.every((v, i) => i === 0 || v <= values[i - 1]!);
        expect(isFalling([...plan.steps.map((step) => step.timestep), 0])).toBe(true);
        expect(isFalling([1, ...plan.steps.map((step) => 1 - step.time), 0])).toBe(true);
        if (plan.sigmas !== undefined) {
          expect(plan.sigmas.length).toBeGreaterThan(plan.steps.length);
          expect(isFalling(plan.sigmas)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each(counts)('N = %d: ends at its last end point where theory says so', (stepCount) => {
    const { latents, endpoints } = run(sampler, stepCount);
    const scale = Math.max(...endpoints.at(-1)!.map(Math.abs));
    const error =
      Math.max(...latents.at(-1)!.map((value, k) => Math.abs(value - endpoints.at(-1)![k]!))) / scale;
    if (endsAtEndpoint(stepCount)) expect(error).toBeLessThan(1e-6);
    else expect(error).toBeGreaterThan(1e-6);
  });

  it('refuses impossible counts, indices, sizes, states and missing noise', () => {
    for (const count of [0, -1, 1.5, Number.NaN, 1001]) {
      expect(() => sampler.plan(count)).toThrow(
        expect.objectContaining({ code: 'argument-invalid', subject: 'stepCount' }),
      );
    }
    const plan = sampler.plan(5);
    const state = initialState(plan, gaussianNoise(size, { seed: 1 }));
    const output = new Float32Array(size);
    const noise = new Float32Array(size);
    const refuse = (subject: string, ...[wrongState, wrongOutput, i, given]: WrongArguments) =>
      expect(() => sampler.step(plan, wrongState, wrongOutput, i, given)).toThrow(
        expect.objectContaining({ code: 'argument-invalid', subject }),
      );
    refuse('i', state, output, -1, noise);
    refuse('i', state, output, plan.steps.length, noise);
    refuse('i', state, output, 0.5, noise);
    refuse('modelOutput', state, new Float32Array(size - 1), 0, noise);
    refuse('state', { ...state, history: Array(9).fill(output) }, output, 0, noise);
    if (plan.stochastic) {
      refuse('noise', state, output, 0, undefined);
      refuse('noise', state, output, 0, new Float32Array(size + 1));
    }
    const { history } = sampler.step(plan, state, output, 0, noise).state;
    if (history.length > 0) {
      refuse(
        'state',
        { latents: state.latents, history: history.map(() => new Float32Array(3)) },
        output,
        1,
        noise,
      );
    }
  });
});

type WrongArguments = [
  state: ReturnType<typeof initialState>,
  output: Float32Array,
  i: number,
  noise: Float32Array | undefined,
];
