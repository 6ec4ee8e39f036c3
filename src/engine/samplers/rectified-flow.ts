/**
 * Euler steps along a rectified flow (Liu, Gong & Liu 2022, arXiv 2209.03003; InstaFlow, arXiv 2309.06380),
 * as in the authors' RectifiedFlowPipeline: the velocity points from noise to picture, t falls from 1000 to
 * 1000 / N while path time rises from 0, and Z_{t + 1/N} = Z_t + v / N.
 */
import type { Sampler, SamplerPlan } from './sampler.ts';
import { assertStepArguments, assertStepCount } from './step-arguments.ts';

export interface RectifiedFlowOptions {
  /**
   * The authors' pipeline multiplies its initial latents by the `init_noise_sigma` of whatever scheduler lies in
   * the folder: 1 for DDIM, PNDM and DPM-Solver, not 1 for Euler.
   */
  readonly initNoiseSigma?: number;
}

export function createRectifiedFlow({ initNoiseSigma = 1 }: RectifiedFlowOptions = {}): Sampler {
  return {
    name: 'rectified-flow',
    plan(stepCount): SamplerPlan {
      assertStepCount(stepCount);
      // As the authors write it: 1000 lies outside the training range and stays, nothing is rounded.
      const steps = Array.from({ length: stepCount }, (_, i) => ({
        timestep: (1 - i / stepCount) * 1000,
        time: i / stepCount,
      }));
      return { steps, initNoiseSigma, stochastic: false };
    },
    scaleModelInput: (_plan, latents) => latents,
    eulerStep: (plan) => 1 / plan.steps.length,
    step(plan, state, velocity, i) {
      assertStepArguments(plan, state, velocity, i, 0);
      const stepCount = plan.steps.length;
      return {
        state: { latents: advance(state.latents, velocity, 1 / stepCount), history: [] },
        // (N - i) / N is exactly 1 - t, so that the last step's state is its end point.
        endpoint: advance(state.latents, velocity, (stepCount - i) / stepCount),
      };
    },
  };
}

/** latents + dt * velocity with PyTorch's float32 roundings: bit for bit the authors' loop. */
function advance(latents: Float32Array, velocity: Float32Array, dt: number): Float32Array {
  const factor = Math.fround(dt);
  return latents.map((value, k) => value + Math.fround(factor * velocity[k]!));
}
