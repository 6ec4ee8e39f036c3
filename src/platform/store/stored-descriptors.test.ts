/** The tiny decoder goes with every model whose decoder reads Stable Diffusion's latents. */
import { expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { hasStableDiffusionLatents } from './stored-descriptors.ts';

const kl = {
  _class_name: 'AutoencoderKL',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  latent_channels: 4,
  scaling_factor: 0.18215,
};

it.each([
  ['that of Stable Diffusion 1', kl, true],
  ['an old one, without the factor', { ...kl, scaling_factor: undefined }, true],
  ["SDXL's", { ...kl, scaling_factor: 0.13025 }, false],
  ['one of 16 channels', { ...kl, latent_channels: 16 }, false],
])('%s: %#', async (_, config, fits) => {
  const files = new MemoryFiles({ 'vae/config.json': JSON.stringify(config) });
  expect(await hasStableDiffusionLatents(files, 'vae')).toBe(fits);
});

it('is not known of an exported decoder', async () => {
  const files = new MemoryFiles({ 'vae_decoder/model.onnx': new Uint8Array(1) });
  expect(await hasStableDiffusionLatents(files, 'vae_decoder')).toBe(false);
});
