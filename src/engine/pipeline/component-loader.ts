/** Loads a model's components: once for all who ask, with progress, in float32 where float16 was too narrow. */
import type { CancelSignal } from '../core/cancel.ts';
import type { FloatDType } from '../core/dtype.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { readShardIndex } from '../weights/shard-index.ts';
import type { Component, ComponentContext } from './component.ts';
import { ComponentCache } from './component-cache.ts';
import { countingFiles } from './counting-files.ts';
import { exportedDataNames } from './exported/data-names.ts';
import { Float32Fallback } from './float32-fallback.ts';
import { joinPath } from './model-folder.ts';
import type { Runtime } from './ports.ts';
import { ResidentComponents, type ResidentLimits } from './resident-components.ts';

export type ModelPart = 'text encoder' | 'network' | 'decoder';

export interface PartProgress {
  readonly part: ModelPart;
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export interface LoadOptions {
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((progress: PartProgress) => void) | undefined;
}

export interface ComponentRequest {
  readonly part: ModelPart;
  readonly folder: string;
  /** What else the component is loaded for: its size, layers left out. */
  readonly use: string;
  /** Tells adapted weights from the folder's own, which are ''. */
  readonly adapters?: string | undefined;
  readonly adapt?: ((checkpoint: Checkpoint) => Checkpoint) | undefined;
}

export interface ComponentLoaderOptions {
  readonly runtime: Runtime;
  readonly files: ModelFiles;
  /** Default: the runtime's variant. */
  readonly variant?: ComponentContext['variant'];
  /** Default: the runtime's. */
  readonly largestTensorBytes?: number | undefined;
  /**
   * What stays loaded of each part (networks, text encoders, decoders); what is released loads again when it is next
   * run. Default: four, and one where their weights take more than a gigabyte.
   */
  readonly resident?: ResidentLimits | undefined;
}

/** Small models: both sides of a comparison, at two sizes. Full-size ones: one network at a time. */
const usualLimits: ResidentLimits = { count: 4, bytes: 2 ** 30 };

export class ComponentLoader {
  readonly #options: ComponentLoaderOptions;
  readonly #components = new ComponentCache();
  readonly #residents: Readonly<Record<ModelPart, ResidentComponents>>;
  /** Weights for which float16 was too narrow: from then on they are loaded in float32. */
  readonly #float32Weights = new Set<string>();

  constructor(options: ComponentLoaderOptions) {
    this.#options = options;
    const limits = options.resident ?? usualLimits;
    this.#residents = {
      'text encoder': new ResidentComponents(limits),
      network: new ResidentComponents(limits),
      decoder: new ResidentComponents(limits),
    };
  }

  /**
   * A loaded component. Whoever loads it is told of the progress, and may cancel; what is loaded again later, during
   * a run, is loaded for all.
   * @throws EngineError 'aborted', and what `load` throws
   */
  async load<Loaded extends Component>(
    request: ComponentRequest,
    { signal, onProgress }: LoadOptions,
    load: (context: ComponentContext) => Promise<Loaded>,
  ): Promise<Float32Fallback<Loaded>> {
    const { part, folder, use, adapters = '' } = request;
    const weights = folder + adapters;
    const sizeBytes = await weightBytes(this.#options.files, folder);
    const { loaded, told } = await this.#components.get(`${weights}@${use}`, async () => {
      const listener: { current: LoadOptions } = { current: {} };
      const fallback: Float32Fallback<Loaded> = new Float32Fallback({
        stage: part,
        wanted: this.#variant.dtype,
        dtype: this.#float32Weights.has(weights) ? 'f32' : this.#variant.dtype,
        load: async (dtype) => {
          await this.#residents[part].admit(fallback, sizeBytes);
          return this.#loadAs(dtype, request, listener.current, load, sizeBytes);
        },
        onFloat32: () => this.#float32Weights.add(weights),
      });
      return { loaded: fallback, told: listener, dispose: () => fallback.dispose() };
    });
    told.current = { signal, onProgress };
    try {
      await loaded.component();
    } finally {
      told.current = {};
    }
    await this.#residents[part].admit(loaded, sizeBytes);
    return loaded as Float32Fallback<Loaded>;
  }

  /** Disposes every component. */
  dispose(): Promise<void> {
    return this.#components.dispose();
  }

  get #variant() {
    return this.#options.variant ?? this.#options.runtime.variant;
  }

  async #loadAs<Loaded>(
    dtype: FloatDType,
    { part, adapt }: ComponentRequest,
    { signal, onProgress }: LoadOptions,
    load: (context: ComponentContext) => Promise<Loaded>,
    totalBytes: number,
  ): Promise<Loaded> {
    const { runtime, files, largestTensorBytes } = this.#options;
    let loadedBytes = 0;
    const counting = countingFiles(files, (sizeBytes) => {
      loadedBytes = Math.min(totalBytes, loadedBytes + sizeBytes);
      onProgress?.({ part, loadedBytes, totalBytes });
    });
    const variant = { ...this.#variant, dtype };
    const loaded = await load({ runtime, files: counting, variant, largestTensorBytes, signal, adapt });
    onProgress?.({ part, loadedBytes: totalBytes, totalBytes });
    return loaded;
  }
}

/** Size of a component's weights, in one file, in shards or exported; 0 where there are none, which loading will tell. */
async function weightBytes(files: ModelFiles, folder: string): Promise<number> {
  for (const name of ['model', 'diffusion_pytorch_model']) {
    for (const ending of ['.safetensors', '.fp16.safetensors']) {
      const path = joinPath(folder, name + ending);
      if (await files.has(path)) return files.size(path);
      if (!(await files.has(`${path}.index.json`))) continue;
      const shards = new Set((await readShardIndex(files, `${path}.index.json`)).values());
      let sum = 0;
      for (const shard of shards) sum += (await files.has(shard)) ? await files.size(shard) : 0;
      return sum;
    }
  }
  const exported = ['model.onnx', ...exportedDataNames];
  let sum = 0;
  for (const path of exported.map((name) => joinPath(folder, name))) {
    if (await files.has(path)) sum += await files.size(path);
  }
  return sum;
}
