/**
 * diffusers 0.30.3's own trajectories (fixtures/reference/schedulers): 22 configs at six N, over an analytic
 * model, closed loop: our latents feed the model, our errors add up.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { initialState } from './initial-state.ts';
import { createNoiseSchedule, trainingBetas } from './noise-schedule.ts';
import { createSampler, type SchedulerConfig } from './scheduler-config.ts';

interface Reference {
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly class: string;
        readonly config: SchedulerConfig;
        readonly step_kwargs: { readonly eta?: number };
        readonly N: Readonly<Record<string, { readonly init_noise_sigma: number; readonly steps: number }>>;
      }
    >
  >;
}

const folder = 'fixtures/reference/schedulers';
const reference = JSON.parse(readFileSync(`${folder}/schedulers.json`, 'utf8')) as Reference;
const latentCount = 64;

/**
 * Largest error over the largest value of the trajectory. The reference rounds every coefficient and product to
 * float32, ours are float64 rounded once, so errors of an ulp (6e-8) add up: 4e-7 to 1e-6 was measured.
 */
const tolerance = 2e-6;

/** Runs that divide by small numbers, by the amplification that this gives in float32. */
const tolerances: Readonly<Record<string, number>> = {
  // N = 2: the derivative at sigma = 0.029 is applied over a step of 14.6 (measured 1.2e-5).
  'heun/N2': 2e-5,
  // Jumps from t = 999 divide by alpha = 0.068 (measured 2.8e-6).
  'lcm/N50': 5e-6,
};

/** PyTorch's linspace differs from one vector width to the next by up to 4e-7 in a beta; see noise-schedule.ts. */
const scheduleTolerance = 1e-6;

let tensors: Checkpoint;
const read = (name: string) => tensors.readTensor(name);

beforeAll(async () => {
  tensors = await openCheckpoint(new DirectoryFiles(folder), 'schedulers');
});

/** The reference's model in its float32 arithmetic. */
function modelOutput(input: Float32Array, timestep: number): Float32Array {
  const { fround, sin } = Math;
  const shift = fround(fround(fround(0.1) * fround(timestep)) / 1000);
  return input.map((x) => fround(fround(sin(x)) * fround(0.3)) + shift);
}

function relativeError(found: Float32Array, wanted: Float32Array): number {
  const scale = Math.max(...wanted.map(Math.abs));
  return Math.max(...found.map((value, k) => Math.abs(value - wanted[k]!))) / scale;
}

describe.each(Object.entries(reference.cases))('%s', (name, { class: className, config, step_kwargs, N }) => {
  it.each(Object.entries(N))('N = %s: timesteps, sigmas and trajectory', async (count, facts) => {
    const sampler = createSampler({ ...config, _class_name: className }, step_kwargs);
    const plan = sampler.plan(Number(count));
    const tensor = (kind: string) => `${name}/N${count}/${kind}`;

    expect(plan.steps.length).toBe(facts.steps);
    expect(plan.steps.map((step) => Math.fround(step.timestep))).toEqual([
      ...(await read(tensor('timesteps'))),
    ]);
    expect(Math.abs(plan.initNoiseSigma / facts.init_noise_sigma - 1)).toBeLessThan(scheduleTolerance);
    if (plan.sigmas !== undefined) {
      expect(relativeError(Float32Array.from(plan.sigmas), await read(tensor('sigmas')))).toBeLessThan(
        scheduleTolerance,
      );
    }

    const wanted = await read(tensor('traj'));
    const hasNoise = tensors.tensors.has(tensor('noise'));
    const noise = hasNoise ? await read(tensor('noise')) : new Float32Array();
    let state = initialState(plan, await read('common/init_latents'));
    const found = new Float32Array(wanted.length);
    found.set(state.latents);
    plan.steps.forEach((step, i) => {
      const input = sampler.scaleModelInput(plan, state.latents, i);
      const output = modelOutput(input, step.timestep);
      const fresh = noise.subarray(i * latentCount, (i + 1) * latentCount);
      state = sampler.step(plan, state, output, i, fresh.length > 0 ? fresh : undefined).state;
      found.set(state.latents, (i + 1) * latentCount);
    });
    expect(relativeError(found, wanted)).toBeLessThan(tolerances[`${name}/N${count}`] ?? tolerance);
  });
});

describe('the noise schedule of Stable Diffusion', () => {
  const options = {
    trainSteps: 1000,
    betaStart: 0.00085,
    betaEnd: 0.012,
    betaSchedule: 'scaled_linear',
  } as const;

  it.each([
    ['common/alphas_cumprod', false],
    ['common/alphas_cumprod_zero_snr', true],
  ])('%s', async (tensor, rescaleToZeroTerminalSnr) => {
    const { alphasCumprod } = createNoiseSchedule({ ...options, rescaleToZeroTerminalSnr });
    const wanted = await read(tensor);
    expect(relativeError(alphasCumprod, wanted)).toBeLessThan(scheduleTolerance);
    expect(alphasCumprod.at(-1) === 0).toBe(rescaleToZeroTerminalSnr);
  });

  it('common/betas', async () => {
    const betas = trainingBetas({ ...options, rescaleToZeroTerminalSnr: false });
    expect(relativeError(betas, await read('common/betas'))).toBeLessThan(scheduleTolerance);
  });
});
