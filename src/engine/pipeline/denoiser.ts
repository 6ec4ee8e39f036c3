/** A U-Net loaded from its folder for one size of latents: latents, time and text to velocity or noise. */
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import { timestepEmbedding } from '../networks/timestep-embedding.ts';
import { buildUNet2DConditionModel } from '../networks/unet-2d-condition/build.ts';
import {
  parseUNet2DConditionConfig,
  type UNet2DConditionConfig,
} from '../networks/unet-2d-condition/config.ts';
import { type Component, type ComponentContext, openWeights, type Size } from './component.ts';
import { joinPath, readJsonFile } from './model-folder.ts';

export interface DenoiserInput {
  /** One picture's latents [C, h, w]; every entry of the batch sees the same. */
  readonly latents: Float32Array;
  /** May be fractional; used in float32 as it is. */
  readonly timestep: number;
  /** One hidden state [1, L, C] per entry of the batch. */
  readonly texts: readonly FloatTensor[];
  /** For networks with a guidance embedding (LCM); see {@link Denoiser.embedsGuidance}. */
  readonly guidanceScale: number;
}

export interface Denoiser extends Component {
  readonly latentChannels: number;
  /** The guidance scale is an input of the network: no second pass. */
  readonly embedsGuidance: boolean;
  /** One output [C, h, w] per text. */
  evaluate(input: DenoiserInput): Promise<Float32Array[]>;
}

/** @throws EngineError what the files, the config, the checkpoint and the runtime throw */
export async function loadDenoiser(
  context: ComponentContext,
  folder: string,
  { height, width, textLength }: Size & { readonly textLength: number },
): Promise<Denoiser> {
  const { runtime, files, variant = runtime.variant, signal } = context;
  const config = parseUNet2DConditionConfig(await readJsonFile(files, joinPath(folder, 'config.json')));
  const checkpoint = await openWeights(context, joinPath(folder, 'diffusion_pytorch_model'));
  const graph = buildUNet2DConditionModel(config, checkpoint.tensors, { variant, height, width, textLength });
  const session = await runtime.createSession(graph, files, { signal });
  return {
    latentChannels: config.inputChannels,
    embedsGuidance: config.timestepConditionChannels !== undefined,
    async evaluate({ latents, timestep, texts, guidanceScale }) {
      const batch = texts.length;
      const feeds = {
        sample: floatTensor([batch, config.inputChannels, height, width], repeat(latents, batch)),
        timestep_embedding: timeFeed(config, timestep, batch),
        encoder_hidden_states: stack(texts),
        ...guidanceFeed(config, guidanceScale, batch),
      };
      const { data } = (await session.run(feeds)).out_sample as FloatTensor;
      const length = data.length / batch;
      return texts.map((_, i) => data.subarray(i * length, (i + 1) * length));
    },
    dispose: () => session.dispose(),
  };
}

function timeFeed(config: UNet2DConditionConfig, timestep: number, batch: number): FloatTensor {
  const timesteps = Array.from({ length: batch }, () => timestep);
  return floatTensor([batch, config.timestepChannels], timestepEmbedding(config, timesteps));
}

/** LCM's embedding of guidance scale - 1 (diffusers, get_guidance_scale_embedding). */
function guidanceFeed(
  { timestepConditionChannels: channels }: UNet2DConditionConfig,
  guidanceScale: number,
  batch: number,
): Record<string, FloatTensor> {
  if (channels === undefined) return {};
  const layout = { timestepChannels: channels, flipSinToCos: false, frequencyShift: 1 };
  const scaled = Array.from({ length: batch }, () => (guidanceScale - 1) * 1000);
  return { timestep_cond: floatTensor([batch, channels], timestepEmbedding(layout, scaled)) };
}

function repeat(values: Float32Array, count: number): Float32Array {
  if (count === 1) return values;
  const repeated = new Float32Array(values.length * count);
  for (let i = 0; i < count; i++) repeated.set(values, i * values.length);
  return repeated;
}

/** [1, L, C] each to [B, L, C]. */
function stack(texts: readonly FloatTensor[]): FloatTensor {
  const [first] = texts;
  if (texts.length === 1) return first!;
  const { data, shape } = first!;
  const stacked = new Float32Array(data.length * texts.length);
  for (const [i, text] of texts.entries()) stacked.set(text.data, i * data.length);
  return floatTensor([texts.length, ...shape.slice(1)], stacked);
}
