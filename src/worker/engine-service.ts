/** The engine behind the worker's face: one backend, the catalogue's models, one draw at a time. */
import type { CancelSignal } from '../engine/core/cancel.ts';
import { EngineError } from '../engine/core/errors.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import { ModelHost, type ModelHostOptions } from '../engine/pipeline/model-host.ts';
import { toPicture } from '../engine/pipeline/picture.ts';
import type { Clock } from '../engine/pipeline/ports.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { readCatalogue } from '../platform/hub/catalogue.ts';
import type { FileProgress } from '../platform/hub/http-files.ts';
import type { ChosenRuntime } from '../platform/ort/choose-runtime.ts';
import { AddedAdapters } from './added-adapters.ts';
import { runDraw } from './draw-run.ts';
import { createLoadReporter } from './load-progress.ts';
import type {
  BackendChoice,
  BackendReport,
  DecodeRequest,
  DrawEvent,
  DrawRequest,
  DrawResult,
  Picture,
  PromptTokens,
} from './protocol.ts';
import { createSerialQueue } from './serial-queue.ts';
import { previewPixels, shrinkPicture } from './shrink-picture.ts';
import type { StoredModels } from './stored-models.ts';
import { yieldingRuntime } from './yielding-runtime.ts';

/** Files that tell of their arrival, where they come over a network. */
type WatchedFiles = ModelFiles & { onProgress?: FileProgress | undefined };

export interface EngineServiceOptions {
  readonly chooseRuntime: (choice: BackendChoice) => Promise<ChosenRuntime>;
  /** The models' root, with `catalog.json`. */
  readonly openFiles: () => Promise<WatchedFiles>;
  readonly loadTokenizer: ModelHostOptions['loadTokenizer'];
  readonly now: Clock;
  /** Models besides the embedded ones: downloaded, or in a folder that the reader chose. */
  readonly stored?: Pick<StoredModels, 'join' | 'descriptors' | 'check' | 'changed'> | undefined;
  /** Files of the reader's that change weights. */
  readonly adapters?: AddedAdapters | undefined;
}

export interface DrawOptions {
  readonly signal: CancelSignal;
  readonly onEvent: (event: DrawEvent) => void;
}

interface StartedEngine {
  readonly report: BackendReport;
  readonly host: ModelHost;
  /** Of all models. */
  readonly files: ModelFiles;
}

export class EngineService {
  readonly #options: EngineServiceOptions;
  readonly #queue = createSerialQueue();
  /** What has run on this backend: the first run of a shape also compiles its kernels. */
  readonly #ranBefore = new Set<string>();
  /** How long the latest decoding by the decoder of previews took, by `previewKey`: what a preview will cost. */
  readonly #previewMs = new Map<string, number>();
  #files: Promise<WatchedFiles> | undefined;
  readonly #adapters: AddedAdapters;
  #engine: StartedEngine | undefined;

  constructor(options: EngineServiceOptions) {
    this.#options = options;
    this.#adapters = options.adapters ?? new AddedAdapters();
  }

  /** @throws EngineError 'backend-unavailable', and as the opening of the files */
  start(choice: BackendChoice): Promise<BackendReport> {
    return this.#queue(async () => {
      const { chooseRuntime, loadTokenizer, now } = this.#options;
      if (this.#engine)
        throw new EngineError('internal', 'The engine was started before.', { subject: 'start' });
      const [{ runtime, report }, root] = await Promise.all([chooseRuntime(choice), this.#openFiles()]);
      const files = this.#options.stored?.join(root) ?? root;
      const host = new ModelHost({ runtime: yieldingRuntime(runtime), files, loadTokenizer, clock: now });
      this.#engine = { report, host, files };
      return report;
    });
  }

  /** The embedded ones first. @throws EngineError as `readCatalogue` */
  async models(): Promise<readonly ModelDescriptor[]> {
    const models = await this.#descriptors();
    // What was deleted is released once nothing is drawn; nobody waits for it.
    if (this.#engine) void this.#queue(() => this.#forgetChanged()).catch(() => {});
    return models;
  }

  async #descriptors(): Promise<readonly ModelDescriptor[]> {
    const root = await this.#openFiles();
    return [...(await readCatalogue(root)), ...((await this.#options.stored?.descriptors(root)) ?? [])];
  }

  /** Needs no runtime, so it doesn't wait for draws. @throws EngineError 'argument-invalid' for an unknown model */
  async countTokens(model: string, prompt: string): Promise<PromptTokens> {
    const { host } = this.#started();
    const descriptor = await this.#model(model);
    await this.#options.stored?.check([descriptor.components.tokenizer], { model, onEvent: () => {} });
    const { ids, tokenCount, truncated } = await host.countTokens(descriptor, prompt);
    return { tokenCount, limit: ids.length, truncated };
  }

  /** @throws EngineError 'aborted' between steps, and what loading and running throw */
  draw(request: DrawRequest, { signal, onEvent }: DrawOptions): Promise<DrawResult> {
    return this.#queue(async () => {
      const { now } = this.#options;
      const { host, report, files: modelFiles } = this.#started();
      const { width, height, guidanceScale, decoding = 'full' } = request;
      const descriptor = await this.#model(request.model);
      const files = await this.#openFiles();
      let loaded = false;
      const reporter = createLoadReporter(descriptor, (progress) => onEvent({ kind: 'loading', progress }));
      files.onProgress = reporter.onFile;
      await this.#forgetChanged();
      const checked = async (model: ModelDescriptor) => {
        const folders = foldersOf(model);
        await this.#options.stored?.check(folders, { model: model.id, signal, onEvent });
        return model;
      };
      await checked(descriptor);
      const adapters = await this.#adapters.open(request.adapters ?? [], modelFiles, async (id) =>
        checked(await this.#model(id)),
      );
      const began = now();
      const pipeline = await host
        .open(descriptor, {
          size: { width, height },
          clipSkip: request.clipSkip,
          adapters,
          decoding,
          signal,
          onProgress(progress) {
            loaded = true;
            reporter.onPart(progress);
          },
        })
        .finally(() => {
          files.onProgress = undefined;
        });
      const loadMs = now() - began;
      const shape = [descriptor.id, width, height, guidanceScale > 1, decoding].join();
      const previewed = previewKey(descriptor, request);
      const { previewMs, ...outcome } = await runDraw(pipeline, request, {
        signal,
        onEvent,
        previewMs: this.#previewMs.get(previewed),
        now,
      });
      // Where the model decodes its pictures and previews alike, the picture tells what a preview takes.
      const isAlike = descriptor.components.tiny_vae === undefined || decoding === 'fast';
      const alike = isAlike ? outcome.timings.decodeMs : undefined;
      const latestMs = previewMs ?? alike;
      if (latestMs !== undefined) this.#previewMs.set(previewed, latestMs);
      const cold = loaded || !this.#ranBefore.has(shape);
      this.#ranBefore.add(shape);
      const { backend, variant } = report;
      return { ...outcome, cold, loadMs, backend, variant, loaded: host.loaded };
    });
  }

  /** Waits for draws that came before. @throws EngineError what loading and running the decoder throw */
  decode({ model, width, height, latents }: DecodeRequest): Promise<Picture[]> {
    return this.#queue(async () => {
      const { host } = this.#started();
      const descriptor = await this.#model(model);
      await this.#forgetChanged();
      await this.#options.stored?.check(foldersOf(descriptor), { model, onEvent: () => {} });
      const decoder = await host.openDecoder(descriptor, { size: { width, height } });
      const { now } = this.#options;
      const pictures: Picture[] = [];
      for (const values of latents) {
        const begun = now();
        pictures.push(shrinkPicture(toPicture(await decoder.decode(values)), previewPixels));
        this.#previewMs.set(previewKey(descriptor, { width, height }), now() - begun);
      }
      return pictures;
    });
  }

  #started(): StartedEngine {
    if (this.#engine) return this.#engine;
    throw new EngineError('backend-unavailable', 'The engine has not started.', {
      remedy: 'Call start first.',
    });
  }

  /** A failed load is forgotten, so that the next call tries again. */
  #openFiles(): Promise<WatchedFiles> {
    const files = this.#files ?? this.#options.openFiles();
    this.#files = files;
    files.catch(() => {
      this.#files = undefined;
    });
    return files;
  }

  /** Call in the queue: what is released must not be in use. */
  async #forgetChanged(): Promise<void> {
    const { host } = this.#started();
    for (const folder of (await this.#options.stored?.changed()) ?? []) await host.forget(folder);
  }

  async #model(id: string): Promise<ModelDescriptor> {
    const models = await this.#descriptors();
    const model = models.find((candidate) => candidate.id === id);
    if (model) return model;
    throw new EngineError('argument-invalid', `The catalogue has no model '${id}'.`, {
      subject: 'model',
      found: id,
      wanted: models.map((candidate) => candidate.id).join(', '),
    });
  }
}

/** All that a model is loaded from. */
function foldersOf({ components, delta }: ModelDescriptor): readonly string[] {
  const folders = [...Object.values(components), delta?.finetuned, delta?.original];
  return folders.filter((folder) => folder !== undefined);
}

/** Previews of one decoder and size take the same time. */
function previewKey(
  { components }: ModelDescriptor,
  { width, height }: Pick<DrawRequest, 'width' | 'height'>,
) {
  return [components.tiny_vae ?? components.vae, width, height].join();
}
