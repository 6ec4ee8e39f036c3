/**
 * Models over one runtime: loads a model's components when they are first needed, and once for all models that
 * share them (one lineage has one tokenizer, text encoder and decoder).
 */
import { EngineError } from '../core/errors.ts';
import type { FloatTensor } from '../core/tensor.ts';
import type { TokenizedPrompt, Tokenizer } from '../text/tokenizer.ts';
import { type Adapter, type AdapterSet, openAdapters } from '../weights/adapter.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { AdaptedPart } from '../weights/lora/lora-key.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { assertSize } from './assert-request.ts';
import { chooseSampler } from './choose-sampler.ts';
import type { Size } from './component.ts';
import { ComponentLoader, type ComponentLoaderOptions, type LoadOptions } from './component-loader.ts';
import { loadDenoiser } from './denoiser.ts';
import { describeExportedDecoder, loadExportedDecoder } from './exported/decoder.ts';
import { loadExportedDenoiser } from './exported/denoiser.ts';
import { isExported } from './exported/open-model.ts';
import { loadExportedTextEncoder } from './exported/text-encoder.ts';
import { finiteDecoder, finiteDenoiser, finiteEncoding } from './finite-stages.ts';
import type { Float32Fallback } from './float32-fallback.ts';
import { describeDecoder, type LatentDecoder, loadLatentDecoder } from './latent-decoder.ts';
import type { ModelDescriptor } from './model.ts';
import { Pipeline } from './pipeline.ts';
import type { Clock } from './ports.ts';
import type { Resident } from './resident-components.ts';
import { loadTextEncoder, type TextEncoder } from './text-encoder.ts';

export interface ModelHostOptions extends ComponentLoaderOptions {
  readonly loadTokenizer: (files: ModelFiles, folder: string) => Promise<Tokenizer>;
  readonly clock: Clock;
}

/** 'full': the model's own VAE; 'fast': the tiny decoder that goes with it. */
export type Decoding = 'full' | 'fast';

export interface OpenOptions extends LoadOptions {
  /** Of the picture, in pixels. */
  readonly size: Size;
  readonly clipSkip?: number | undefined;
  /** What changes the weights, added in this order after what the model's own `delta` adds. */
  readonly adapters?: readonly Adapter[] | undefined;
  /** Default 'full'. */
  readonly decoding?: Decoding | undefined;
}

/** Hidden states kept, of a quarter of a megabyte each: drawing again with the same words costs nothing. */
const rememberedPrompts = 64;

export class ModelHost {
  readonly #options: ModelHostOptions;
  readonly #loader: ComponentLoader;
  readonly #tokenizers = new Map<string, Promise<Tokenizer>>();
  /** Hidden states by text encoder and ids, the latest last. */
  readonly #remembered = new Map<string, FloatTensor>();

  constructor(options: ModelHostOptions) {
    this.#options = options;
    this.#loader = new ComponentLoader(options);
  }

  /** @throws EngineError 'file-not-found' | 'file-malformed' | 'config-invalid' */
  async countTokens({ components }: ModelDescriptor, prompt: string): Promise<TokenizedPrompt> {
    return (await this.#tokenizer(components.tokenizer)).encode(prompt);
  }

  /**
   * A model ready to draw at one size; loads what isn't loaded yet.
   * @throws EngineError 'aborted' while loading; 'argument-invalid' for a size, or for decoding that the model lacks; as
   *   `openAdapters`; what files, configs, checkpoints and the runtime throw
   */
  async open(descriptor: ModelDescriptor, options: OpenOptions): Promise<Pipeline> {
    const { files, clock } = this.#options;
    const { components } = descriptor;
    const { size, clipSkip = 0 } = options;
    const tokenizer = await this.#tokenizer(components.tokenizer);
    const vae = decoderFolder(descriptor, options.decoding);
    const { scaleFactor } = await this.#describeDecoder(vae);
    assertSize(size, scaleFactor);
    const latents = latentSize(size, scaleFactor);
    const textLength = tokenizer.encode('').ids.length;
    const adapters = await openAdapters(adaptersOf(descriptor, options, files), options.signal);

    const encoder = await this.#loader.load(
      {
        part: 'text encoder',
        folder: components.text_encoder,
        use: `${clipSkip}`,
        loadsLate: true,
        ...adaptation(adapters, 'text_encoder'),
      },
      options,
      async (context) => {
        const load = (await isExported(files, components.text_encoder))
          ? loadExportedTextEncoder
          : loadTextEncoder;
        return load(context, components.text_encoder, { length: textLength, clipSkip });
      },
    );
    const network = await this.#loader.load(
      { part: 'network', folder: components.unet, use: sized(latents), ...adaptation(adapters, 'unet') },
      options,
      async (context) => {
        const load = (await isExported(files, components.unet)) ? loadExportedDenoiser : loadDenoiser;
        return load(context, components.unet, { ...latents, textLength });
      },
    );
    const decoder = await this.#decoder(vae, latents, options);
    const preview =
      vae === previewFolder(descriptor)
        ? decoder
        : await this.#decoder(previewFolder(descriptor), latents, options);
    const memory = `${components.text_encoder}${adapters.key('text_encoder')}#${clipSkip}`;
    return new Pipeline({
      tokenizer,
      encode: (ids) => this.#encode(memory, encoder, ids),
      denoiser: await finiteDenoiser(network),
      decoder: finiteDecoder(decoder),
      preview: finiteDecoder(preview),
      limits: descriptor,
      scaleFactor,
      clock,
      chooseSampler: (name) => chooseSampler(files, descriptor, name),
      float32Stages: () =>
        [encoder, network, decoder].filter(({ inFloat32 }) => inFloat32).map(({ stage }) => stage),
    });
  }

  /**
   * The decoder of a model's previews at one size, without its network: for latents that were drawn earlier.
   * @throws EngineError as `open`
   */
  async openDecoder(descriptor: ModelDescriptor, options: OpenOptions): Promise<LatentDecoder> {
    const folder = previewFolder(descriptor);
    const { scaleFactor } = await this.#describeDecoder(folder);
    assertSize(options.size, scaleFactor);
    return finiteDecoder(await this.#decoder(folder, latentSize(options.size, scaleFactor), options));
  }

  #decoder(folder: string, latents: Size, options: LoadOptions): Promise<Float32Fallback<LatentDecoder>> {
    return this.#loader.load({ part: 'decoder', folder, use: sized(latents) }, options, async (context) => {
      const load = (await isExported(this.#options.files, folder)) ? loadExportedDecoder : loadLatentDecoder;
      return load(context, folder, latents);
    });
  }

  async #describeDecoder(folder: string): Promise<{ readonly scaleFactor: number }> {
    const { files } = this.#options;
    return (await isExported(files, folder))
      ? describeExportedDecoder(files, folder)
      : describeDecoder(files, folder);
  }

  /** What is loaded now, the least recently used first; one folder may be, for several sizes. */
  get loaded(): readonly Resident[] {
    return this.#loader.loaded;
  }

  /**
   * Drops all that was loaded from a folder, whose files are others now, or gone.
   * @param folder from the files' root; what lies below it is dropped, too
   */
  async forget(folder: string): Promise<void> {
    const lies = (path: string) => path === folder || path.startsWith(`${folder}/`);
    for (const path of this.#tokenizers.keys()) if (lies(path)) this.#tokenizers.delete(path);
    // Few are lost that needn't be: hidden states are cheap to make again.
    for (const key of this.#remembered.keys()) if (key.includes(folder)) this.#remembered.delete(key);
    await this.#loader.forget(folder);
  }

  /** Disposes every component; pipelines that were opened can't draw any more. */
  async dispose(): Promise<void> {
    this.#remembered.clear();
    await this.#loader.dispose();
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
    const prompt = `${key}\n${ids.join()}`;
    const state = this.#remembered.get(prompt) ?? (await finiteEncoding(encoder, ids));
    this.#remembered.delete(prompt);
    this.#remembered.set(prompt, state);
    if (this.#remembered.size > rememberedPrompts) {
      this.#remembered.delete(this.#remembered.keys().next().value!);
    }
    return state;
  }
}

/** All that changes a model's weights. */
function adaptersOf(
  { delta }: ModelDescriptor,
  { adapters = [] }: OpenOptions,
  files: ModelFiles,
): readonly Adapter[] {
  if (!delta) return adapters;
  const inFolder = (folder: string) => ({ files, folder });
  const own: Adapter = {
    kind: 'delta',
    part: 'unet',
    finetuned: inFolder(delta.finetuned),
    original: inFolder(delta.original),
    strength: 1,
  };
  return [own, ...adapters];
}

function adaptation(set: AdapterSet, part: AdaptedPart) {
  const adapters = set.key(part);
  return adapters === '' ? {} : { adapters, adapt: (checkpoint: Checkpoint) => set.adapt(part, checkpoint) };
}

/** @throws EngineError 'argument-invalid' where fast decoding is asked for and the model has none */
function decoderFolder({ title, components }: ModelDescriptor, decoding: Decoding = 'full'): string {
  if (decoding === 'full') return components.vae;
  if (components.tiny_vae !== undefined) return components.tiny_vae;
  throw new EngineError('argument-invalid', `${title} has no fast decoder.`, {
    subject: 'decoding',
    found: 'fast',
    wanted: 'full',
    remedy: "Decode with the model's own VAE, or add a tiny decoder (TAESD) to the model.",
  });
}

function previewFolder({ components }: ModelDescriptor): string {
  return components.tiny_vae ?? components.vae;
}

function latentSize({ width, height }: Size, scaleFactor: number): Size {
  return { height: Math.floor(height / scaleFactor), width: Math.floor(width / scaleFactor) };
}

/** Networks and decoders are loaded for one size of latents. */
const sized = ({ width, height }: Size): string => `${width}x${height}`;
