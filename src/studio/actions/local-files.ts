/**
 * Folders and files of the reader's: the worker opens them where they lie, the page only hands them over, again to
 * every new worker. Kept for as long as the page is open.
 */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type {
  AdapterSummary,
  ChosenAdapter,
  ChosenFolder,
  EngineClient,
  LocalFilesClient,
} from '../../worker/protocol.ts';

export type LocalEngine = EngineClient & LocalFilesClient;

export interface LocalFiles {
  /** The same client, which with its start is given what was added before. It is the present one from then on. */
  join(client: LocalEngine): LocalEngine;
  /** null before the first worker. */
  client(): LocalEngine | null;
  /** @throws EngineError as `LocalFilesClient`; a folder that is refused isn't kept */
  addFolder(folder: ChosenFolder): Promise<ModelDescriptor>;
  /** @throws EngineError as `LocalFilesClient`; a file that is refused isn't kept */
  addAdapter(file: File, config?: File): Promise<AdapterSummary & { readonly id: string }>;
  removeAdapter(id: string): void;
}

export function createLocalFiles(): LocalFiles {
  let present: LocalEngine | null = null;
  const folders = new Map<string, ChosenFolder>();
  const adapters = new Map<string, ChosenAdapter>();
  /** Ids of files that ever were here: what was drawn with one must not be taken for another's. */
  const named = new Map<string, File>();
  let foldersSeen = 0;

  function nameOf(file: File): string {
    for (let count = 1; ; count++) {
      const id = count === 1 ? file.name : `${file.name} (${count})`;
      const other = named.get(id);
      if (other === undefined || isSameFile(other, file)) return id;
    }
  }

  const engine = (): LocalEngine => {
    if (present !== null) return present;
    throw new Error('The engine has not started yet. Try again in a moment.');
  };

  return {
    join(client) {
      const joined: LocalEngine = {
        ...client,
        async start(choice) {
          const report = await client.start(choice);
          // What is gone from the disk is told by the draw that asks for it.
          for (const [key, folder] of folders) await client.addFolder(key, folder).catch(() => {});
          for (const adapter of adapters.values()) await client.addAdapter(adapter).catch(() => {});
          return report;
        },
      };
      present = joined;
      return joined;
    },
    client: () => present,
    async addFolder(folder) {
      foldersSeen += 1;
      const key = `folder-${foldersSeen}`;
      const descriptor = await engine().addFolder(key, folder);
      folders.set(key, folder);
      return descriptor;
    },
    async addAdapter(file, config) {
      const id = nameOf(file);
      const adapter: ChosenAdapter = { id, file, config };
      const summary = await engine().addAdapter(adapter);
      named.set(id, file);
      adapters.set(id, adapter);
      return { ...summary, id };
    },
    removeAdapter: (id) => void adapters.delete(id),
  };
}

const isSameFile = (a: File, b: File): boolean =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
