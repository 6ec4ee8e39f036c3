/** A diffusers folder without a catalogue entry, described from its own files. */
import { parseUNet2DConditionConfig } from '../networks/unet-2d-condition/config.ts';
import type { JsonObject } from '../weights/json-document.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { describeExportedDecoder } from './exported/decoder.ts';
import { isExported, readConfig } from './exported/open-model.ts';
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

/**
 * A folder of safetensors, or a ready ONNX pipeline.
 * @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' | 'config-unsupported'
 */
export async function describeFolder(files: ModelFiles): Promise<ModelDescriptor> {
  const index = await readJsonFile(files, 'model_index.json');
  if (await isExported(files, 'unet')) return describeExportedFolder(files, index);
  const unet = await readJsonFile(files, 'unet/config.json');
  const { timestepConditionChannels } = parseUNet2DConditionConfig(unet);
  const { scaleFactor } = await describeDecoder(files, 'vae');
  return descriptorOf(files.id, {
    vae: 'vae',
    flow: isFlow(index),
    embedsGuidance: timestepConditionChannels !== undefined,
    side: sampleSize(unet) * scaleFactor,
  });
}

/** Exporters keep the pipeline's index; the parts' configs may be missing. */
async function describeExportedFolder(files: ModelFiles, index: JsonObject): Promise<ModelDescriptor> {
  const vae = (await isExported(files, 'vae_decoder')) ? 'vae_decoder' : 'vae';
  const unet = await readConfig(files, 'unet');
  const { scaleFactor } = (await isExported(files, vae))
    ? await describeExportedDecoder(files, vae)
    : await describeDecoder(files, vae);
  return descriptorOf(files.id, {
    vae,
    flow: isFlow(index),
    embedsGuidance: unet.time_cond_proj_dim != null,
    side: sampleSize(unet) * scaleFactor,
  });
}

function isFlow({ _class_name }: JsonObject): boolean {
  return rectifiedFlowClasses.includes(String(_class_name));
}

function sampleSize({ sample_size }: JsonObject): number {
  return typeof sample_size === 'number' ? sample_size : defaultSampleSize;
}

interface FolderFacts {
  readonly vae: string;
  readonly flow: boolean;
  readonly embedsGuidance: boolean;
  /** Of the picture, in pixels. */
  readonly side: number;
}

function descriptorOf(id: string, { vae, flow, embedsGuidance, side }: FolderFacts): ModelDescriptor {
  return {
    id,
    title: id,
    lineage: id,
    components: {
      tokenizer: 'tokenizer',
      text_encoder: 'text_encoder',
      unet: 'unet',
      vae,
      scheduler: 'scheduler',
    },
    sampler: flow ? 'rectified-flow' : undefined,
    steps: { minimum: 1, maximum: 1000, initial: embedsGuidance ? 4 : 25 },
    guidance: { minimum: 0, maximum: 20, initial: flow ? 1 : 7.5 },
    sizes: [[side, side]],
    licence: { name: 'not stated' },
  };
}
