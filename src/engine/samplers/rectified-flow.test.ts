/** The authors' pipeline: its timesteps, its loop over an analytic velocity, its guidance, bit for bit. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { applyGuidance, needsGuidance } from './guidance.ts';
import { initialState } from './initial-state.ts';
import { createRectifiedFlow } from './rectified-flow.ts';
import type { Sampler } from './sampler.ts';
import {
  asInStableDiffusion,
  createSampler,
  parseSchedulerConfig,
  samplerByName,
} from './scheduler-config.ts';

interface Recorded {
  readonly timesteps?: readonly number[];
  readonly t?: readonly number[];
  readonly num_inference_steps?: number;
}

const folder = 'fixtures/reference/e2e';
const recorded = (file: string) =>
  Object.entries(
    (JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { cases: Record<string, Recorded> }).cases,
  );
const pipelines = recorded('io_rf.json').filter(([, facts]) => facts.timesteps !== undefined);
const loops = recorded('io_rf.json').filter(([, facts]) => facts.t !== undefined);

/** v of the recorded loops: 0.3 sin(x) + 0.1 t / 1000 + 0.05 mean(text embeddings). */
function analyticVelocity(latents: Float32Array, timestep: number, embedding: Float32Array): Float32Array {
  const mean = embedding.reduce((sum, value) => sum + value, 0) / embedding.length;
  return latents.map((x) => 0.3 * Math.sin(x) + (0.1 * timestep) / 1000 + 0.05 * mean);
}

let tensors: Checkpoint;
beforeAll(async () => {
  tensors = await openCheckpoint(new DirectoryFiles(folder), 'io_rf');
});

describe('rectified flow as in the authors’ pipeline', () => {
  it.each(pipelines)('%s: the same float64 timesteps', (_name, { timesteps, num_inference_steps }) => {
    const plan = createRectifiedFlow().plan(num_inference_steps!);
    expect(plan.steps.map((step) => step.timestep)).toEqual(timesteps);
  });

  it.each(loops)('%s: the same latents after every step', async (name, { t }) => {
    const stepCount = t!.length;
    const guidance = Number(/_g([\d.]+)$/.exec(name)![1]);
    const sampler = createRectifiedFlow();
    const plan = sampler.plan(stepCount);
    expect(plan.steps.map((step) => Math.fround(step.timestep))).toEqual(t!.map(Math.fround));

    const wanted = await tensors.readTensor(`${name}/latents`);
    const recordedVelocities = await tensors.readTensor(`${name}/v_pred`);
    const noise = await tensors.readTensor('common/init_latents');
    const embeddings = [
      ...(needsGuidance(guidance) ? [await tensors.readTensor('common/embeds_negative')] : []),
      await tensors.readTensor('common/embeds_prompt'),
    ];
    const size = noise.length;
    const rows = embeddings.length;
    let state = initialState(plan, noise);
    for (let i = 0; i < stepCount; i++) {
      // Long runs record the first evaluation only; the rest is the recorder's analytic velocity.
      const isRecorded = (i + 1) * rows * size <= recordedVelocities.length;
      const velocities = embeddings.map((embedding, row) =>
        isRecorded
          ? recordedVelocities.subarray((i * rows + row) * size, (i * rows + row + 1) * size)
          : analyticVelocity(state.latents, plan.steps[i]!.timestep, embedding),
      );
      const velocity = rows === 2 ? applyGuidance(velocities[0]!, velocities[1]!, guidance) : velocities[0]!;
      state = sampler.step(plan, state, velocity, i).state;
      const expected = wanted.subarray(i * size, (i + 1) * size);
      if (isRecorded) expect(state.latents).toEqual(expected);
      // 50 steps with one rounding of values below 8 each: 50 half units in the last place.
      else
        expect(Math.max(...state.latents.map((x, k) => Math.abs(x - expected[k]!)))).toBeLessThan(
          50 * 2 ** -22,
        );
    }
  });

  it('takes the initial noise level of the scheduler that lies in the folder', () => {
    const sigma = (config: Record<string, unknown>) =>
      samplerByName('rectified-flow', config).plan(1).initNoiseSigma;
    const betas = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
    expect(
      sigma(parseSchedulerConfig(readFileSync(`${folder}/scheduler/scheduler_config.json`, 'utf8'))),
    ).toBe(1);
    expect(sigma({ _class_name: 'DDIMScheduler', ...betas })).toBe(1);
    expect(sigma({})).toBe(1);
    const euler = { _class_name: 'EulerDiscreteScheduler', ...betas };
    expect(sigma(euler)).toBeCloseTo(14.6146, 3);
    expect(sigma({ ...euler, timestep_spacing: 'leading' })).toBeCloseTo(Math.sqrt(14.6146 ** 2 + 1), 3);
  });
});

describe('the Stable Diffusion pipeline on the same folder', () => {
  const config = asInStableDiffusion(
    parseSchedulerConfig(readFileSync(`${folder}/scheduler/scheduler_config.json`, 'utf8')),
  );
  const samplers: Readonly<Record<string, Sampler>> = {
    ddim: samplerByName('ddim', config),
    dpmpp2m: samplerByName('dpm-solver-multistep', config),
    pndm: createSampler(config),
    euler: samplerByName('euler', { ...config, timestep_spacing: 'trailing' }),
  };

  it.each(recorded('io_sd.json'))('%s: the same timesteps', (name, { timesteps, num_inference_steps }) => {
    const sampler = Object.entries(samplers).find(([part]) => name.includes(part))![1];
    const plan = sampler.plan(num_inference_steps!);
    expect(plan.steps.map((step) => step.timestep)).toEqual(timesteps);
  });
});
