/** Samplers, noise and sizes in words. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { NoiseRelation } from '../state/noise-relation.ts';

const samplerNames: Readonly<Record<string, string>> = {
  'rectified-flow': 'Euler on the flow',
  ddim: 'DDIM',
  ddpm: 'DDPM',
  'dpm-solver-multistep': 'DPM-Solver++',
  euler: 'Euler',
  'euler-ancestral': 'Euler ancestral',
  heun: 'Heun',
  lcm: 'LCM',
  pndm: 'PNDM',
  unipc: 'UniPC',
};

export const samplerText = (name: string): string => samplerNames[name] ?? name;

/** The entry that stands for no choice. */
export const ownSamplerText = ({ sampler }: ModelDescriptor): string =>
  sampler === undefined ? "The model's own" : `${samplerText(sampler)}, the model's own`;

export const stepsCountText = (count: number): string => `${count} ${count === 1 ? 'step' : 'steps'}`;

export const sizeText = ([width, height]: readonly [number, number]): string => `${width} × ${height}`;

/** Between the pictures: a few words. */
export const noiseRelationTag: Readonly<Record<NoiseRelation, string>> = {
  same: 'same noise',
  'other-lineage': 'not comparable noise',
  'other-size': 'different noise',
  'other-seed': 'different noise',
};

/** In the settings: a sentence or two. */
export const noiseRelationText: Readonly<Record<NoiseRelation, string>> = {
  same: 'Same prompt, same noise, one latent space. Only what is set for one side differs: network, sampler, steps, guidance, LoRA, decoder.',
  'other-lineage':
    'These models are of different families. They get the same numbers as noise, but each reads them in its own latent space, so the pictures need not be alike.',
  'other-size': 'The sides draw at different sizes, so each begins from noise of its own.',
  'other-seed': 'The pictures shown begin from different noise.',
};
