/** Models that didn't come with the page, for the engine: those of the store, and folders that the reader chose. */
import type { CancelSignal } from '../engine/core/cancel.ts';
import { describeFolder } from '../engine/pipeline/describe-folder.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { readPublishedModels } from '../platform/hub/published-model.ts';
import { JoinedFiles } from '../platform/store/joined-files.ts';
import { type ModelRecord, type RecordedFile, readRecords } from '../platform/store/model-record.ts';
import type { ModelStore } from '../platform/store/model-store.ts';
import { SnapshotFiles } from '../platform/store/snapshot-files.ts';
import type { ModelStorage } from '../platform/store/storage.ts';
import { describeStored, hasStableDiffusionLatents, mounted } from '../platform/store/stored-descriptors.ts';
import { dataPath, storedMount } from '../platform/store/stored-path.ts';
import type { DrawEvent } from './protocol.ts';

export interface OpenedStore {
  readonly storage: ModelStorage;
  readonly store: ModelStore;
}

/** A folder that the reader chose. */
interface ChosenModel {
  readonly descriptor: ModelDescriptor;
  readonly files: ModelFiles;
  /** Whether a tiny decoder of Stable Diffusion's latents fits. */
  readonly hasKnownLatents: boolean;
}

interface CompleteModels {
  readonly records: readonly ModelRecord[];
  /** By their path in the store. */
  readonly files: ReadonlyMap<string, RecordedFile>;
}

export interface CheckOptions {
  /** For which it is, for whoever hears of the progress. */
  readonly model: string;
  readonly signal?: CancelSignal | undefined;
  readonly onEvent: (event: DrawEvent) => void;
}

export class StoredModels {
  /** undefined where the browser keeps nothing: a private window. */
  readonly #opened: Promise<OpenedStore | undefined>;
  readonly #files: SnapshotFiles;
  /** Folders that the reader chose, by key. */
  readonly #chosen = new Map<string, ChosenModel>();
  /** Complete models: of no other does the engine hear. Read anew with each call of `descriptors`. */
  #complete: Promise<CompleteModels> | undefined;
  /** By component folder whose bytes were all right, or mended, in this session: what its files were then. */
  readonly #checked = new Map<string, string>();
  #joined: JoinedFiles | undefined;

  constructor(opened: Promise<OpenedStore | undefined>) {
    this.#opened = opened.catch(() => undefined);
    this.#files = new SnapshotFiles('the store', async (path) => {
      const { storage } = (await this.#opened) ?? {};
      return (await this.#completeModels()).files.has(path) ? storage?.snapshot(dataPath(path)) : undefined;
    });
  }

  /** The embedded models' files and these as one. */
  join(root: ModelFiles): ModelFiles {
    this.#joined = new JoinedFiles(root);
    this.#joined.mount(storedMount, this.#files);
    for (const [key, { files }] of this.#chosen) this.#joined.mount(key, files);
    return this.#joined;
  }

  /**
   * What can be opened now; some may have been downloaded or removed since the last call.
   * @param root with `catalog.json`
   */
  async descriptors(root: ModelFiles): Promise<readonly ModelDescriptor[]> {
    const chosen = [...this.#chosen.values()];
    const opened = await this.#opened;
    if (!opened) return chosen.map(({ descriptor }) => descriptor);
    this.#files.forget();
    this.#complete = undefined;
    const published = await readPublishedModels(root);
    const { records } = await this.#completeModels();
    const { models, tinyDecoder } = await describeStored(records, this.#files, published);
    return [
      ...models,
      ...chosen.map(({ descriptor, hasKnownLatents }) => {
        const components = { ...descriptor.components, tiny_vae: tinyDecoder };
        return hasKnownLatents ? { ...descriptor, components } : descriptor;
      }),
    ];
  }

  /**
   * A folder on disk, for as long as the worker lives.
   * @param key 'folder-1', unlike the name of any folder of the embedded models
   * @throws EngineError as `describeFolder`
   */
  async addFolder(key: string, title: string, files: ModelFiles): Promise<ModelDescriptor> {
    const described = await describeFolder(files);
    const hasKnownLatents = await hasStableDiffusionLatents(files, described.components.vae);
    const descriptor = { ...mounted(described, key), id: `${key}:${title}`, title, lineage: key };
    this.#chosen.set(key, { descriptor, files, hasKnownLatents });
    this.#joined?.mount(key, files);
    return descriptor;
  }

  /**
   * Every block of what a model consists of against its digest, once a session, before it is used; damaged blocks are
   * fetched again. What isn't in the store passes.
   * @param folders of components
   * @throws EngineError as `ModelStore.check`
   */
  async check(folders: readonly string[], { model, signal, onEvent }: CheckOptions): Promise<void> {
    const opened = await this.#opened;
    if (!opened) return;
    const unchecked = new Map<string, readonly RecordedFile[]>();
    for (const folder of folders) {
      const files = await this.#filesIn(folder);
      if (files.length > 0 && !this.#checked.has(folder)) unchecked.set(folder, files);
    }
    if (unchecked.size === 0) return;
    const mended = await opened.store.checkFiles([...new Set([...unchecked.values()].flat())], {
      access: { baseUrl: '' },
      signal: signal instanceof AbortSignal ? signal : undefined,
      onProgress({ receivedBytes, totalBytes }) {
        const progress = { model, part: 'stored files', loadedBytes: receivedBytes, totalBytes };
        onEvent({ kind: 'loading', progress });
      },
    });
    if (mended > 0) this.#files.forget();
    for (const [folder, files] of unchecked) this.#checked.set(folder, await identityOf(opened, files));
  }

  /** Component folders that hold other files than when they were checked, or none: they were deleted, or fetched anew. */
  async changed(): Promise<readonly string[]> {
    const opened = await this.#opened;
    const changed: string[] = [];
    for (const [folder, identity] of this.#checked) {
      if (opened && (await identityOf(opened, await this.#filesIn(folder))) === identity) continue;
      this.#checked.delete(folder);
      changed.push(folder);
    }
    return changed;
  }

  /** Of complete models, inside a component's folder; none for a folder that isn't in the store. */
  async #filesIn(folder: string): Promise<readonly RecordedFile[]> {
    const inside = `${folder}/`;
    const files = [...(await this.#completeModels()).files.values()];
    return files.filter(({ file }) => `${storedMount}/${file}`.startsWith(inside));
  }

  #completeModels(): Promise<CompleteModels> {
    this.#complete ??= this.#opened.then(async (opened) => {
      const all = opened ? await readRecords(opened.storage) : [];
      const records = all.filter(({ complete }) => complete);
      const files = records.flatMap((record) => record.files);
      return { records, files: new Map(files.map((file) => [file.file, file])) };
    });
    return this.#complete;
  }
}

/** Sizes and times: what was fetched anew has others. */
async function identityOf({ storage }: OpenedStore, files: readonly RecordedFile[]): Promise<string> {
  const parts = files.map(async ({ file }) => {
    const snapshot = await storage.snapshot(dataPath(file));
    const time = snapshot?.blob instanceof File ? snapshot.blob.lastModified : '';
    return snapshot ? `${file}:${snapshot.sizeBytes}:${time}` : '';
  });
  return (await Promise.all(parts)).join();
}
