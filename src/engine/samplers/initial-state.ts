import type { SamplerPlan, SamplerState } from './sampler.ts';

/** The state before step 0, from unit noise [C * h * w], scaled as the plan says. */
export function initialState(plan: SamplerPlan, noise: Float32Array): SamplerState {
  const { initNoiseSigma } = plan;
  return {
    latents: initNoiseSigma === 1 ? noise : noise.map((value) => value * initNoiseSigma),
    history: [],
  };
}
