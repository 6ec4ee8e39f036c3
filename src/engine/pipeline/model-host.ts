/**
 * Models over one runtime: loads a model's components when they are first needed, and once for all models that
 * share them (one lineage has one tokenizer, text encoder and decoder).
 */
import type { CancelSignal } from '../core/cancel.ts';
import type { FloatDType } from '../core/dtype.ts';
import type { FloatTensor } from '../core/tensor.ts';
import type { TokenizedPrompt, Tokenizer } from '../text/tokenizer.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { chooseSampler } from './choose-sampler.ts';
import type { Component, ComponentContext, Size } from './component.ts';
import { ComponentCache } from './component-cache.ts';
import { countingFiles } from './counting-files.ts';
import { loadDenoiser } from './denoiser.ts';
import { finiteDecoder, finiteDenoiser, finiteEncoding } from './finite-stages.ts';
import { Float32Fallback } from './float32-fallback.ts';
import { describeDecoder, type LatentDecoder, loadLatentDecoder } from './latent-decoder.ts';
import type { ModelDescriptor } from './model.ts';
import { joinPath } from './model-folder.ts';
import { Pipeline } from './pipeline.ts';
import type { Clock, Runtime } from './ports.ts';
import { loadTextEncoder, type TextEncoder } from './text-encoder.ts';

export interface ModelHostOptions {
  readonly runtime: Runtime;
  readonly files: ModelFiles;
  /** Default: the runtime's variant. */
  readonly variant?: ComponentContext['variant'];
  readonly loadTokenizer: (files: ModelFiles, folder: string) => Promise<Tokenizer>;
  readonly clock: Clock;
}

export type ModelPart = 'text encoder' | 'network' | 'decoder';

export interface PartProgress {
  readonly part: ModelPart;
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export interface OpenOptions {
  /** Of the picture, in pixels. */
  readonly size: Size;
  readonly clipSkip?: number | undefined;
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((progress: PartProgress) => void) | undefined;
}

/** Hidden states kept per text encoder: drawing again with the same words costs nothing. */
const rememberedPrompts = 16;

export class ModelHost {
  readonly #options: ModelHostOptions;
  readonly #components = new ComponentCache();
  readonly #tokenizers = new Map<string, Promise<Tokenizer>>();
  readonly #memories = new Map<string, Map<string, FloatTensor>>();
  /** Component folders for which float16 was too narrow: from then on they are loaded in float32. */
  readonly #float32Folders = new Set<string>();

  constructor(options: ModelHostOptions) {
    this.#options = options;
  }

  /** @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' */
  async countTokens({ components }: ModelDescriptor, prompt: string): Promise<TokenizedPrompt> {
    return (await this.#tokenizer(components.tokenizer)).encode(prompt);
  }

  /**
   * A model ready to draw at one size; loads what isn't loaded yet.
   * @throws EngineError 'aborted' while loading; what files, configs, checkpoints and the runtime throw
   */
  async open(descriptor: ModelDescriptor, options: OpenOptions): Promise<Pipeline> {
    const { files, clock } = this.#options;
    const { components } = descriptor;
    const { size, clipSkip = 0 } = options;
    const tokenizer = await this.#tokenizer(components.tokenizer);
    const { scaleFactor } = await describeDecoder(files, components.vae);
    const latents = latentSize(size, scaleFactor);
    const textLength = tokenizer.encode('').ids.length;

    const textKey = clipSkip === 0 ? components.text_encoder : `${components.text_encoder}#${clipSkip}`;
    const encoder = await this.#load(textKey, 'text encoder', components.text_encoder, options, (context) =>
      loadTextEncoder(context, components.text_encoder, { length: textLength, clipSkip }),
    );
    const network = await this.#load(
      sized(components.unet, latents),
      'network',
      components.unet,
      options,
      (context) => loadDenoiser(context, components.unet, { ...latents, textLength }),
    );
    const decoder = await this.#decoder(components.vae, latents, options);
    return new Pipeline({
      tokenizer,
      encode: (ids) => this.#encode(textKey, encoder, ids),
      denoiser: await finiteDenoiser(network),
      decoder: finiteDecoder(decoder),
      limits: descriptor,
      scaleFactor,
      clock,
      chooseSampler: (name) => chooseSampler(files, descriptor, name),
      float32Stages: () =>
        [encoder, network, decoder].filter(({ inFloat32 }) => inFloat32).map(({ stage }) => stage),
    });
  }

  /**
   * The decoder of a model at one size, without its network: for latents that were drawn earlier.
   * @throws EngineError as `open`
   */
  async openDecoder({ components }: ModelDescriptor, options: OpenOptions): Promise<LatentDecoder> {
    const { scaleFactor } = await describeDecoder(this.#options.files, components.vae);
    return finiteDecoder(await this.#decoder(components.vae, latentSize(options.size, scaleFactor), options));
  }

  #decoder(folder: string, latents: Size, options: OpenOptions): Promise<Float32Fallback<LatentDecoder>> {
    return this.#load(sized(folder, latents), 'decoder', folder, options, (context) =>
      loadLatentDecoder(context, folder, latents),
    );
  }

  /** Disposes every component; pipelines that were opened can't draw any more. */
  async dispose(): Promise<void> {
    this.#memories.clear();
    await this.#components.dispose();
  }

  #tokenizer(folder: string): Promise<Tokenizer> {
    const known = this.#tokenizers.get(folder);
    if (known) return known;
    const loading = this.#options.loadTokenizer(this.#options.files, folder);
    this.#tokenizers.set(folder, loading);
    loading.catch(() => this.#tokenizers.delete(folder));
    return loading;
  }

  async #encode(
    key: string,
    encoder: Float32Fallback<TextEncoder>,
    ids: readonly number[],
  ): Promise<FloatTensor> {
    const memory = this.#memories.get(key) ?? new Map<string, FloatTensor>();
    this.#memories.set(key, memory);
    const prompt = ids.join();
    const state = memory.get(prompt) ?? (await finiteEncoding(encoder, ids));
    memory.delete(prompt);
    memory.set(prompt, state);
    if (memory.size > rememberedPrompts) memory.delete(memory.keys().next().value!);
    return state;
  }

  #load<Loaded extends Component>(
    key: string,
    part: ModelPart,
    folder: string,
    { signal, onProgress }: OpenOptions,
    load: (context: ComponentContext) => Promise<Loaded>,
  ): Promise<Float32Fallback<Loaded>> {
    const { runtime, files, variant = runtime.variant } = this.#options;
    const loadAs = async (dtype: FloatDType, told: Pick<OpenOptions, 'signal' | 'onProgress'>) => {
      const totalBytes = told.onProgress ? await weightBytes(files, folder) : 0;
      let loadedBytes = 0;
      const counting = countingFiles(files, (sizeBytes) => {
        loadedBytes = Math.min(totalBytes, loadedBytes + sizeBytes);
        told.onProgress?.({ part, loadedBytes, totalBytes });
      });
      const context = { runtime, files: counting, variant: { ...variant, dtype }, signal: told.signal };
      const loaded = await load(context);
      told.onProgress?.({ part, loadedBytes: totalBytes, totalBytes });
      return loaded;
    };
    return this.#components.get(key, async () => {
      // Whoever asks first is told, and may cancel; what a later draw loads again is kept for all.
      let told: Pick<OpenOptions, 'signal' | 'onProgress'> = { signal, onProgress };
      const fallback = new Float32Fallback({
        stage: part,
        wanted: variant.dtype,
        dtype: this.#float32Folders.has(folder) ? 'f32' : variant.dtype,
        load: (dtype) => loadAs(dtype, told),
        onFloat32: () => this.#float32Folders.add(folder),
      });
      await fallback.component();
      told = {};
      return fallback;
    });
  }
}

function latentSize({ width, height }: Size, scaleFactor: number): Size {
  return { height: Math.floor(height / scaleFactor), width: Math.floor(width / scaleFactor) };
}

/** Networks and decoders are loaded for one size. */
const sized = (folder: string, { width, height }: Size): string => `${folder}@${width}x${height}`;

/** Size of a component's weights; 0 where they have no plain name (shards), which shows as unknown. */
async function weightBytes(files: ModelFiles, folder: string): Promise<number> {
  for (const name of ['model', 'diffusion_pytorch_model']) {
    for (const ending of ['.safetensors', '.fp16.safetensors']) {
      const path = joinPath(folder, name + ending);
      if (await files.has(path)) return files.size(path);
    }
  }
  return 0;
}
