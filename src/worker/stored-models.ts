/** Models that didn't come with the page, for the engine: those of the store, and folders that the reader chose. */
import type { CancelSignal } from '../engine/core/cancel.ts';
import { describeFolder } from '../engine/pipeline/describe-folder.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { readPublishedModels } from '../platform/hub/published-model.ts';
import { JoinedFiles } from '../platform/store/joined-files.ts';
import type { ModelStore } from '../platform/store/model-store.ts';
import { SnapshotFiles } from '../platform/store/snapshot-files.ts';
import type { ModelStorage } from '../platform/store/storage.ts';
import { describeStored, mounted } from '../platform/store/stored-descriptors.ts';
import { dataPath, storedMount } from '../platform/store/stored-path.ts';
import type { DrawEvent } from './protocol.ts';

export interface OpenedStore {
  readonly storage: ModelStorage;
  readonly store: ModelStore;
}

export class StoredModels {
  /** undefined where the browser keeps nothing: a private window. */
  readonly #opened: Promise<OpenedStore | undefined>;
  readonly #files: SnapshotFiles;
  /** Folders that the reader chose, by key. */
  readonly #chosen = new Map<string, { readonly descriptor: ModelDescriptor; readonly files: ModelFiles }>();
  /** Ids of models whose bytes were all right, or mended, in this session. */
  readonly #checked = new Set<string>();
  #joined: JoinedFiles | undefined;

  constructor(opened: Promise<OpenedStore | undefined>) {
    this.#opened = opened.catch(() => undefined);
    this.#files = new SnapshotFiles('the store', async (path) =>
      (await this.#opened)?.storage.snapshot(dataPath(path)),
    );
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
    const chosen = [...this.#chosen.values()].map(({ descriptor }) => descriptor);
    const opened = await this.#opened;
    if (!opened) return chosen;
    this.#files.forget();
    return [
      ...(await describeStored(opened.storage, this.#files, await readPublishedModels(root))),
      ...chosen,
    ];
  }

  /**
   * A folder on disk, for as long as the worker lives.
   * @param key 'folder-1', unlike the name of any folder of the embedded models
   * @throws EngineError as `describeFolder`
   */
  async addFolder(key: string, title: string, files: ModelFiles): Promise<ModelDescriptor> {
    const described = mounted(await describeFolder(files), key);
    const descriptor = { ...described, id: `${key}:${title}`, title, lineage: key };
    this.#chosen.set(key, { descriptor, files });
    this.#joined?.mount(key, files);
    return descriptor;
  }

  /**
   * Every block of a stored model against its digest, once a session, before it is used; damaged blocks are
   * fetched again. Other models pass.
   * @throws EngineError as `ModelStore.check`
   */
  async check(
    { id, components }: ModelDescriptor,
    { signal, onEvent }: { readonly signal: CancelSignal; readonly onEvent: (event: DrawEvent) => void },
  ): Promise<void> {
    if (this.#checked.has(id) || !components.unet.startsWith(`${storedMount}/`)) return;
    const opened = await this.#opened;
    const mended = await opened?.store.check(id, {
      access: { baseUrl: '' },
      signal: signal instanceof AbortSignal ? signal : undefined,
      onProgress({ receivedBytes, totalBytes }) {
        const progress = { model: id, part: 'stored files', loadedBytes: receivedBytes, totalBytes };
        onEvent({ kind: 'loading', progress });
      },
    });
    if (mended) this.#files.forget();
    this.#checked.add(id);
  }
}
