/** A VAE decoder loaded from its folder for one size: a model's latents to a picture. */
import type { CancelSignal } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import { buildAutoencoderKlDecoder } from '../networks/autoencoder-kl/build.ts';
import { type AutoencoderKlConfig, parseAutoencoderKlConfig } from '../networks/autoencoder-kl/config.ts';
import { buildAutoencoderTinyDecoder } from '../networks/autoencoder-tiny/build.ts';
import { parseAutoencoderTinyConfig } from '../networks/autoencoder-tiny/config.ts';
import { networkClassOf } from '../networks/network-class.ts';
import type { TensorIndex } from '../networks/network-module.ts';
import type { PictureGraphOptions } from '../networks/picture-graph-options.ts';
import type { Graph } from '../onnx/graph.ts';
import type { JsonObject } from '../weights/json-document.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { type Component, type ComponentContext, openWeights, type Size } from './component.ts';
import { joinPath, readJsonFile } from './model-folder.ts';
import { loadTiledWhereNeeded, type UnscaledDecoder } from './tiled-decoder.ts';

export interface LatentDecoder extends Component {
  /**
   * @param latents [C, h, w] as the sampler leaves them, still times the scaling factor
   * @returns [1, 3, H, W], about -1 to 1
   * @throws EngineError 'aborted' between tiles; a decoder of one graph can't be interrupted
   */
  decode(latents: Float32Array, signal?: CancelSignal): Promise<FloatTensor>;
}

/** An autoencoder's decoder, before it is loaded. */
export interface DecoderDescription {
  readonly latentChannels: number;
  readonly scalingFactor: number;
  /** Pixels per latent, each way. */
  readonly scaleFactor: number;
  build(tensors: TensorIndex, options: PictureGraphOptions): Graph;
  /** Where it is a KL autoencoder: large pictures are decoded in tiles. */
  readonly kl?: AutoencoderKlConfig | undefined;
}

/** @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' | 'config-unsupported' */
export async function describeDecoder(files: ModelFiles, folder: string): Promise<DecoderDescription> {
  return describeDecoderConfig(await readJsonFile(files, joinPath(folder, 'config.json')));
}

function describeDecoderConfig(json: JsonObject): DecoderDescription {
  const className = networkClassOf(json);
  if (className === 'AutoencoderTiny') {
    const config = parseAutoencoderTinyConfig(json);
    return {
      ...config,
      scaleFactor: config.upsamplingFactor ** (config.decoder.length - 1),
      build: (tensors, options) => buildAutoencoderTinyDecoder(config, tensors, options),
    };
  }
  if (className === 'AutoencoderKL') {
    const config = parseAutoencoderKlConfig(json);
    return {
      ...config,
      scaleFactor: 2 ** (config.channels.length - 1),
      kl: config,
      build: (tensors, options) => buildAutoencoderKlDecoder(config, tensors, options),
    };
  }
  const found = className || 'no class name';
  throw new EngineError('config-unsupported', `There is no decoder for a VAE of class ${found}.`, {
    subject: '_class_name',
    found,
    wanted: 'AutoencoderKL or AutoencoderTiny',
    remedy: 'Choose a model of the Stable Diffusion 1 or 2 family.',
  });
}

/**
 * Works in tiles where a tensor would be larger than the runtime takes.
 * @param size of the latents
 * @throws EngineError what the files, the config, the checkpoint and the runtime throw
 */
export async function loadLatentDecoder(
  context: ComponentContext,
  folder: string,
  size: Size,
): Promise<LatentDecoder> {
  const { runtime, files, variant = runtime.variant } = context;
  const { latentChannels, scalingFactor, build, kl } = await describeDecoder(files, folder);
  const checkpoint = await openWeights(context, joinPath(folder, 'diffusion_pytorch_model'));
  const tiled = kl && (await loadTiledWhereNeeded(context, checkpoint, kl, size));
  const decoder = tiled ?? (await loadWholeDecoder(context, build(checkpoint.tensors, { variant, ...size })));
  return {
    decode(latents, cancelled) {
      const unscaled = scalingFactor === 1 ? latents : latents.map((value) => value / scalingFactor);
      const shape = [1, latentChannels, size.height, size.width];
      return decoder.decode(floatTensor(shape, unscaled), cancelled);
    },
    dispose: () => decoder.dispose(),
  };
}

async function loadWholeDecoder(
  { runtime, files, signal }: ComponentContext,
  graph: Graph,
): Promise<UnscaledDecoder> {
  const session = await runtime.createSession(graph, files, { signal, dimensions: { batch: 1 } });
  return {
    decode: async (latents) => (await session.run({ latents })).sample as FloatTensor,
    dispose: () => session.dispose(),
  };
}
