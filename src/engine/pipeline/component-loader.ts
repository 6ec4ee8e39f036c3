/** Loads a model's components: once for all who ask, with progress, in float32 where float16 was too narrow. */
import type { CancelSignal } from '../core/cancel.ts';
import type { FloatDType } from '../core/dtype.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import type { Component, ComponentContext } from './component.ts';
import { type ComponentWeights, componentWeights } from './component-weights.ts';
import { countingFiles } from './counting-files.ts';
import { Float32Fallback } from './float32-fallback.ts';
import type { BackendName, Runtime } from './ports.ts';
import {
  type ModelPart,
  type Resident,
  ResidentComponents,
  type ResidentLimits,
} from './resident-components.ts';

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
  /** Once it was released, only a run loads it again: what it gave may be remembered. */
  readonly loadsLate?: boolean | undefined;
}

export interface ComponentLoaderOptions {
  readonly runtime: Runtime;
  readonly files: ModelFiles;
  /** Default: the runtime's variant. */
  readonly variant?: ComponentContext['variant'];
  /** Default: the runtime's. */
  readonly largestTensorBytes?: number | undefined;
  /** What stays loaded; what is released loads again when it is next run. Default: {@link usualLimits}. */
  readonly resident?: Partial<ResidentLimits> | undefined;
}

/**
 * Small models: both sides of a comparison, at two sizes. Full-size ones: one network at a time, and its encoder and
 * decoder where they fit beside it: InstaFlow-0.9B takes 2.1 GB in float16, 3.9 in float32. WebAssembly's heap holds
 * 4 GiB with activations.
 */
const usualLimits = { count: 4, bytes: 2 ** 30 };
const usualTotals: Readonly<Record<BackendName, number>> = {
  webgpu: 4 * 2 ** 30,
  wasm: 1.75 * 2 ** 30,
  cpu: Number.POSITIVE_INFINITY,
};

/** A component, loaded or released, and who is told while it loads. */
interface Entry {
  readonly folder: string;
  readonly adapters: string;
  readonly fallback: Float32Fallback<Component>;
  listener: LoadOptions;
}

export class ComponentLoader {
  readonly #options: ComponentLoaderOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #residents: ResidentComponents;
  /** By folder and part. */
  readonly #weights = new Map<string, Promise<ComponentWeights>>();
  /** Weights for which float16 was too narrow: from then on they are loaded in float32. */
  readonly #float32Weights = new Set<string>();

  constructor(options: ComponentLoaderOptions) {
    this.#options = options;
    const totalBytes = usualTotals[options.runtime.capabilities.backend];
    const limits = { ...usualLimits, totalBytes, ...options.resident };
    this.#residents = new ResidentComponents(limits, (component) => this.#forgetAdapted(component));
  }

  /**
   * A loaded component. Whoever loads it is told of the progress, and may cancel; what is loaded again later, during
   * a run, is loaded for all.
   * @throws EngineError 'aborted', and what `load` throws
   */
  async load<Loaded extends Component>(
    request: ComponentRequest,
    options: LoadOptions,
    load: (context: ComponentContext) => Promise<Loaded>,
  ): Promise<Float32Fallback<Loaded>> {
    const { part, folder, use, adapters = '', loadsLate = false } = request;
    const weights = await this.#weightsOf(folder, part);
    const key = [folder, adapters, use].join('\n');
    const known = this.#entries.get(key);
    const entry = known ?? this.#newEntry(request, weights, load);
    this.#entries.set(key, entry);
    const fallback = entry.fallback as Float32Fallback<Loaded>;
    if (known && loadsLate && !fallback.isLoaded) return fallback;
    entry.listener = options;
    try {
      await fallback.component();
    } finally {
      entry.listener = {};
    }
    const sizeBytes = weights.loadedBytes(fallback.dtype);
    await this.#residents.admit(fallback, { part, folder, sizeBytes });
    return fallback;
  }

  get loaded(): readonly Resident[] {
    return this.#residents.loaded;
  }

  /** Disposes what was loaded from a folder, or with adapters from it: it has other files now, or none. */
  async forget(folder: string): Promise<void> {
    const lies = (path: string) => path === folder || path.startsWith(`${folder}/`);
    for (const key of this.#weights.keys()) if (lies(key.split('\n', 1)[0]!)) this.#weights.delete(key);
    for (const [key, entry] of this.#entries) {
      if (!lies(entry.folder) && !entry.adapters.includes(folder)) continue;
      this.#entries.delete(key);
      this.#float32Weights.delete(entry.folder + entry.adapters);
      this.#residents.forget(entry.fallback);
      await entry.fallback.dispose();
    }
  }

  /** Disposes every component. */
  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { fallback } of entries) await fallback.dispose();
  }

  get #variant() {
    return this.#options.variant ?? this.#options.runtime.variant;
  }

  #newEntry<Loaded extends Component>(
    request: ComponentRequest,
    weights: ComponentWeights,
    load: (context: ComponentContext) => Promise<Loaded>,
  ): Entry {
    const { part, folder, adapters = '' } = request;
    const adapted = folder + adapters;
    const fallback: Float32Fallback<Loaded> = new Float32Fallback({
      stage: part,
      wanted: this.#variant.dtype,
      dtype: this.#float32Weights.has(adapted) ? 'f32' : this.#variant.dtype,
      load: async (dtype) => {
        await this.#residents.admit(fallback, { part, folder, sizeBytes: weights.loadedBytes(dtype) });
        return this.#loadAs(dtype, request, entry.listener, load, weights.storedBytes);
      },
      onFloat32: () => this.#float32Weights.add(adapted),
    });
    const entry: Entry = { folder, adapters, fallback, listener: {} };
    return entry;
  }

  /** Nobody may come back to a strength that a slider passed; the folder's own weights are often wanted again. */
  #forgetAdapted(component: Component): void {
    for (const [key, { adapters, fallback }] of this.#entries) {
      if (fallback === component && adapters !== '') this.#entries.delete(key);
    }
  }

  #weightsOf(folder: string, part: ModelPart): Promise<ComponentWeights> {
    const key = [folder, part].join('\n');
    const known = this.#weights.get(key);
    if (known) return known;
    const reading = componentWeights(this.#options.files, folder, part);
    this.#weights.set(key, reading);
    reading.catch(() => this.#weights.delete(key));
    return reading;
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
