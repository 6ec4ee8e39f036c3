/** A U-Net loaded from its folder for one size of latents: latents, time and text to velocity or noise. */
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import { timestepEmbedding } from '../networks/timestep-embedding.ts';
import {
  buildUNet2DConditionModel,
  type UNet2DConditionGraphOptions,
} from '../networks/unet-2d-condition/build.ts';
import {
  parseUNet2DConditionConfig,
  type UNet2DConditionConfig,
} from '../networks/unet-2d-condition/config.ts';
import { buildSplitUNet } from '../networks/unet-2d-condition/text-projections.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import { type Component, type ComponentContext, openWeights, type Size } from './component.ts';
import { createEulerWalker, type EulerWalk } from './euler-walk.ts';
import { joinPath, readJsonFile } from './model-folder.ts';
import type { Feeds, Session } from './ports.ts';
import { createTextProjector, stackTexts, type TextProjector } from './text-projector.ts';

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
  /** Euler steps along a flow, [C, h, w] to [C, h, w]; missing where the backend keeps no tensors. */
  readonly walk?: ((walk: EulerWalk) => Promise<Float32Array>) | undefined;
}

/** @throws EngineError what the files, the config, the checkpoint and the runtime throw */
export async function loadDenoiser(
  context: ComponentContext,
  folder: string,
  { height, width, textLength }: Size & { readonly textLength: number },
): Promise<Denoiser> {
  const { runtime, files, variant = runtime.variant } = context;
  const config = parseUNet2DConditionConfig(await readJsonFile(files, joinPath(folder, 'config.json')));
  const checkpoint = await openWeights(context, joinPath(folder, 'diffusion_pytorch_model'));
  const { session, projector } = await loadSessions(context, config, checkpoint, {
    variant,
    height,
    width,
    textLength,
  });
  const shape = [config.inputChannels, height, width];
  const feedsFor = async (
    sample: Feeds[string],
    { timestep, texts, guidanceScale }: Omit<DenoiserInput, 'latents'>,
  ): Promise<Feeds> => ({
    sample,
    timestep_embedding: timeFeed(config, timestep, texts.length),
    ...(projector
      ? { text_projections: await projector.project(texts) }
      : { encoder_hidden_states: stackTexts(texts) }),
    ...guidanceFeed(config, guidanceScale, texts.length),
  });
  const walker = session.keep && createEulerWalker(runtime, files, shape);
  return {
    latentChannels: config.inputChannels,
    embedsGuidance: config.timestepConditionChannels !== undefined,
    async evaluate({ latents, ...rest }) {
      const batch = rest.texts.length;
      const sample = floatTensor([batch, ...shape], repeat(latents, batch));
      const { data } = (await session.run(await feedsFor(sample, rest))).out_sample as FloatTensor;
      const length = data.length / batch;
      return rest.texts.map((_, i) => data.subarray(i * length, (i + 1) * length));
    },
    walk:
      walker &&
      ((walk) =>
        walker.walk(walk, async (sample, timestep) => {
          const outputs = await session.keep!(await feedsFor(sample, { ...walk, timestep }));
          return outputs.out_sample!;
        })),
    async dispose() {
      await walker?.dispose();
      await projector?.dispose();
      await session.dispose();
    },
  };
}

/** What every WebGPU adapter can bind at once: the projections' matrix must fit. */
const largestMatrixBytes = 128 * 2 ** 20;

/**
 * Where tensors can stay with the backend, what depends on the prompt alone is a graph of its own, whose results
 * stay there; elsewhere handing them over in every step costs more than it saves (docs/speed.md).
 */
async function loadSessions(
  { runtime, files, signal }: ComponentContext,
  config: UNet2DConditionConfig,
  { tensors }: Checkpoint,
  options: UNet2DConditionGraphOptions,
): Promise<{ session: Session; projector?: TextProjector }> {
  if (runtime.capabilities.keepsTensors) {
    const { projections, network, matrixBytes } = buildSplitUNet(config, tensors, options);
    if (matrixBytes > 0 && matrixBytes <= largestMatrixBytes) {
      const session = await runtime.createSession(network, files, { signal, outputs: 'kept' });
      try {
        const projecting = await runtime.createSession(projections, files, { signal, outputs: 'kept' });
        return { session, projector: createTextProjector(projecting) };
      } catch (thrown) {
        await session.dispose();
        throw thrown;
      }
    }
  }
  const graph = buildUNet2DConditionModel(config, tensors, options);
  return { session: await runtime.createSession(graph, files, { signal }) };
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
