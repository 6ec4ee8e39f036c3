/** A diffusers folder without a catalogue entry, described from its own files. */
import { parseUNet2DConditionConfig } from '../networks/unet-2d-condition/config.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { describeDecoder } from './latent-decoder.ts';
import type { ModelDescriptor } from './model.ts';
import { readJsonFile } from './model-folder.ts';

/** The authors' pipeline class and its port in diffusers' community folder. */
const rectifiedFlowClasses = [
  'RectifiedFlowPipeline',
  'InstaFlowPipeline',
  'InstaFlowStableDiffusionPipeline',
];

/** Latents per side where the config doesn't say: Stable Diffusion 1's. */
const defaultSampleSize = 64;

/** @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' | 'config-unsupported' */
export async function describeFolder(files: ModelFiles): Promise<ModelDescriptor> {
  const index = await readJsonFile(files, 'model_index.json');
  const unet = await readJsonFile(files, 'unet/config.json');
  const { timestepConditionChannels } = parseUNet2DConditionConfig(unet);
  const { scaleFactor } = await describeDecoder(files, 'vae');
  const side = (typeof unet.sample_size === 'number' ? unet.sample_size : defaultSampleSize) * scaleFactor;
  const flow = rectifiedFlowClasses.includes(String(index._class_name));
  const embedsGuidance = timestepConditionChannels !== undefined;
  return {
    id: files.id,
    title: files.id,
    lineage: files.id,
    components: {
      tokenizer: 'tokenizer',
      text_encoder: 'text_encoder',
      unet: 'unet',
      vae: 'vae',
      scheduler: 'scheduler',
    },
    sampler: flow ? 'rectified-flow' : undefined,
    steps: { minimum: 1, maximum: 1000, initial: embedsGuidance ? 4 : 25 },
    guidance: { minimum: 0, maximum: 20, initial: flow ? 1 : 7.5 },
    sizes: [[side, side]],
    licence: { name: 'not stated' },
  };
}
