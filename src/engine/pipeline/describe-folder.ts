/** A diffusers folder without a catalogue entry, described from its own files. */
import { EngineError } from '../core/errors.ts';
import { parseUNet2DConditionConfig } from '../networks/unet-2d-condition/config.ts';
import { type JsonObject, quote } from '../weights/json-document.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { longestSide } from './assert-request.ts';
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
    size: pictureSize(unet, scaleFactor),
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
    size: pictureSize(unet, scaleFactor),
  });
}

function isFlow({ _class_name }: JsonObject): boolean {
  return rectifiedFlowClasses.some((name) => name === _class_name);
}

/**
 * What the network was trained for, [width, height] in pixels; the config says it in latents, one number or
 * [height, width].
 * @param scaleFactor pixels per latent, each way
 */
function pictureSize({ sample_size }: JsonObject, scaleFactor: number): readonly [number, number] {
  const given = sample_size ?? defaultSampleSize;
  const sides: readonly unknown[] = Array.isArray(given) ? given : [given, given];
  const most = Math.floor(longestSide / scaleFactor);
  const [height, width] = sides.map((side) =>
    Number.isInteger(side) && (side as number) >= 1 && (side as number) <= most
      ? scaleFactor * (side as number)
      : undefined,
  );
  if (sides.length === 2 && height && width) return [width, height];
  throw new EngineError('config-invalid', `unet/config.json: sample_size is ${quote(given)}.`, {
    subject: 'sample_size',
    found: quote(given),
    wanted: `whole numbers from 1 to ${most}: pictures have at most ${longestSide} pixels a side`,
    remedy: 'Check config.json against the original model.',
  });
}

interface FolderFacts {
  readonly vae: string;
  readonly flow: boolean;
  readonly embedsGuidance: boolean;
  /** Of the picture, [width, height] in pixels. */
  readonly size: readonly [number, number];
}

function descriptorOf(id: string, { vae, flow, embedsGuidance, size }: FolderFacts): ModelDescriptor {
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
    sizes: [size],
    licence: { name: 'not stated' },
  };
}
