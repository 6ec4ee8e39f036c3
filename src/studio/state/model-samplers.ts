/** Which samplers a model can be followed with, as the catalogue tells it. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';

const flowSampler = 'rectified-flow';

/** For networks that predict noise; 'lcm' only fits those that were distilled for it. */
const diffusionSamplers = [
  'ddim',
  'ddpm',
  'dpm-solver-multistep',
  'euler',
  'euler-ancestral',
  'heun',
  'pndm',
  'unipc',
] as const;

/** A flow predicts velocities, which other samplers would take for noise. */
export const isFlow = ({ sampler }: ModelDescriptor): boolean => sampler === flowSampler;

/** Names that the engine takes for this model. One that takes a single step has nothing to choose. */
export function samplersOf(model: ModelDescriptor): readonly string[] {
  if (isFlow(model)) return [flowSampler];
  if (model.sampler === 'lcm') return ['lcm'];
  return diffusionSamplers;
}

/** The side's choice where the model takes it, else null: the model's own. */
export function samplerOf(wanted: string | null, model: ModelDescriptor): string | null {
  return wanted !== null && samplersOf(model).includes(wanted) ? wanted : null;
}
