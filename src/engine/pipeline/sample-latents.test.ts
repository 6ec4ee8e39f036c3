import { describe, expect, it } from 'vitest';
import { gaussianNoise } from '../core/noise.ts';
import { floatTensor } from '../core/tensor.ts';
import { measureStraightness } from '../metrics/straightness.ts';
import { asInStableDiffusion, samplerByName } from '../samplers/scheduler-config.ts';
import type { Denoiser } from './denoiser.ts';
import { sampleLatents } from './sample-latents.ts';

const stableDiffusion = {
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
  num_train_timesteps: 1000,
  timestep_spacing: 'trailing',
};
const noise = gaussianNoise(256, { seed: 4 });
const clean = gaussianNoise(256, { seed: 5 });

/** Stable Diffusion's share of signal in the variance at a training timestep. */
function alphaBar(timestep: number): number {
  const [first, last] = [Math.sqrt(stableDiffusion.beta_start), Math.sqrt(stableDiffusion.beta_end)];
  let product = 1;
  for (let t = 0; t <= timestep; t++) product *= 1 - (first + ((last - first) * t) / 999) ** 2;
  return product;
}

/** Knows the clean latents: the noise that it predicts is right, so that every sampler takes the same path. */
const knowing: Denoiser = {
  embedsGuidance: false,
  async evaluate({ latents, timestep }) {
    const signal = alphaBar(timestep);
    return [latents.map((value, k) => (value - Math.sqrt(signal) * clean[k]!) / Math.sqrt(1 - signal))];
  },
  dispose: async () => {},
} as Denoiser;

async function pathOf(name: string, scale: 'latents' | 'pathLatents') {
  const latents: Float32Array[] = [];
  const times: number[] = [];
  const timesteps: number[] = [];
  const result = await sampleLatents({
    denoiser: knowing,
    sampler: samplerByName(name, asInStableDiffusion(stableDiffusion)),
    stepCount: 20,
    guidanceScale: 1,
    text: floatTensor([1, 1, 1], Float32Array.of(0)),
    negativeText: undefined,
    noise,
    seed: 0,
    clock: () => 0,
    onStart(first, time) {
      latents.push(first.slice());
      times.push(time);
    },
    onStep(step) {
      latents.push(step[scale].slice());
      times.push(step.time);
      timesteps.push(step.timestep);
    },
  });
  return { latents, times, timesteps, result };
}

describe('the path of a diffusion model', () => {
  it.each(['euler', 'heun', 'ddim', 'dpm-solver-multistep'])('is told in one scale by %s', async (name) => {
    const { latents, times, timesteps, result } = await pathOf(name, 'pathLatents');
    expect(times[0]).toBe(0);
    // Noise and clean latents are of variance 1, and so is every mixture of the training.
    for (const values of latents) {
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      expect(variance).toBeGreaterThan(0.7);
      expect(variance).toBeLessThan(1.4);
    }
    // Where the next evaluation happens, the path is what training would have mixed there.
    for (const [i, timestep] of timesteps.slice(1).entries()) {
      const signal = alphaBar(timestep);
      const far = latents[i + 1]!.reduce((most, value, k) => {
        const wanted = Math.sqrt(signal) * clean[k]! + Math.sqrt(1 - signal) * noise[k]!;
        return Math.max(most, Math.abs(value - wanted));
      }, 0);
      // The first level's signal (0.5 %) is in the noise that the samplers begin with, once or not at all.
      expect(far).toBeLessThan(0.2);
    }
    expect(latents.at(-1)).toEqual(result.latents);
  });

  it('is as straight by Euler as by DDIM, which the latents that Euler works with are not', async () => {
    const straightness = async (name: string, scale: 'latents' | 'pathLatents') => {
      const { latents, times } = await pathOf(name, scale);
      return measureStraightness({ latents, times }).normalised;
    };
    const ddim = await straightness('ddim', 'pathLatents');
    expect((await straightness('euler', 'pathLatents')) / ddim).toBeCloseTo(1, 1);
    expect((await straightness('euler', 'latents')) / ddim).toBeGreaterThan(2);
  });
});
