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
import { yieldingRuntime } from './yielding-runtime.ts';

/** Files that tell of their arrival, where they come over a network. */
type WatchedFiles = ModelFiles & { onProgress?: FileProgress | undefined };

export interface EngineServiceOptions {
  readonly chooseRuntime: (choice: BackendChoice) => Promise<ChosenRuntime>;
  /** The models' root, with `catalog.json`. */
  readonly openFiles: () => Promise<WatchedFiles>;
  readonly loadTokenizer: ModelHostOptions['loadTokenizer'];
  readonly now: Clock;
}

export interface DrawOptions {
  readonly signal: CancelSignal;
  readonly onEvent: (event: DrawEvent) => void;
}

export class EngineService {
  readonly #options: EngineServiceOptions;
  readonly #queue = createSerialQueue();
  /** What has run on this backend: the first run of a shape also compiles its kernels. */
  readonly #ranBefore = new Set<string>();
  /** How long the latest decoding took, by decoder and size: what a preview will cost. */
  readonly #decodeMs = new Map<string, number>();
  #files: Promise<WatchedFiles> | undefined;
  #engine: { readonly report: BackendReport; readonly host: ModelHost } | undefined;

  constructor(options: EngineServiceOptions) {
    this.#options = options;
  }

  /** @throws EngineError 'backend-unavailable', and as the opening of the files */
  start(choice: BackendChoice): Promise<BackendReport> {
    return this.#queue(async () => {
      const { chooseRuntime, loadTokenizer, now } = this.#options;
      if (this.#engine)
        throw new EngineError('internal', 'The engine was started before.', { subject: 'start' });
      const [{ runtime, report }, files] = await Promise.all([chooseRuntime(choice), this.#openFiles()]);
      const host = new ModelHost({ runtime: yieldingRuntime(runtime), files, loadTokenizer, clock: now });
      this.#engine = { report, host };
      return report;
    });
  }

  /** @throws EngineError as `readCatalogue` */
  async models(): Promise<readonly ModelDescriptor[]> {
    return readCatalogue(await this.#openFiles());
  }

  /** Needs no runtime, so it doesn't wait for draws. @throws EngineError 'argument-invalid' for an unknown model */
  async countTokens(model: string, prompt: string): Promise<PromptTokens> {
    const { host } = this.#started();
    const { ids, tokenCount, truncated } = await host.countTokens(await this.#model(model), prompt);
    return { tokenCount, limit: ids.length, truncated };
  }

  /** @throws EngineError 'aborted' between steps, and what loading and running throw */
  draw(request: DrawRequest, { signal, onEvent }: DrawOptions): Promise<DrawResult> {
    return this.#queue(async () => {
      const { now } = this.#options;
      const { host, report } = this.#started();
      const { width, height, guidanceScale } = request;
      const descriptor = await this.#model(request.model);
      const files = await this.#openFiles();
      let loaded = false;
      const reporter = createLoadReporter(descriptor, (progress) => onEvent({ kind: 'loading', progress }));
      files.onProgress = reporter.onFile;
      const began = now();
      const pipeline = await host
        .open(descriptor, {
          size: { width, height },
          clipSkip: request.clipSkip,
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
      const shape = [descriptor.id, width, height, guidanceScale > 1].join();
      const decoder = [descriptor.components.vae, width, height].join();
      const decodeMs = this.#decodeMs.get(decoder);
      const outcome = await runDraw(pipeline, request, { signal, onEvent, decodeMs, now });
      this.#decodeMs.set(decoder, outcome.timings.decodeMs);
      const cold = loaded || !this.#ranBefore.has(shape);
      this.#ranBefore.add(shape);
      return { ...outcome, cold, loadMs, backend: report.backend, variant: report.variant };
    });
  }

  /** Waits for draws that came before. @throws EngineError what loading and running the decoder throw */
  decode({ model, width, height, latents }: DecodeRequest): Promise<Picture[]> {
    return this.#queue(async () => {
      const { host } = this.#started();
      const decoder = await host.openDecoder(await this.#model(model), { size: { width, height } });
      const pictures: Picture[] = [];
      for (const values of latents) {
        pictures.push(shrinkPicture(toPicture(await decoder.decode(values)), previewPixels));
      }
      return pictures;
    });
  }

  #started(): { readonly report: BackendReport; readonly host: ModelHost } {
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

  async #model(id: string): Promise<ModelDescriptor> {
    const models = await this.models();
    const model = models.find((candidate) => candidate.id === id);
    if (model) return model;
    throw new EngineError('argument-invalid', `The catalogue has no model '${id}'.`, {
      subject: 'model',
      found: id,
      wanted: models.map((candidate) => candidate.id).join(', '),
    });
  }
}
