/**
 * Folders and files of the reader's: the worker opens them where they lie, the page only hands them over, again to
 * every new worker. Kept for as long as the page is open.
 */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type {
  AdapterFiles,
  AdapterSummary,
  ChosenAdapter,
  ChosenFolder,
  EngineClient,
  LocalFilesClient,
} from '../../worker/protocol.ts';
import { isSameAdapter, isSameFile } from './adapter-files.ts';

export type LocalEngine = EngineClient & LocalFilesClient;

export interface AddedAdapter extends AdapterSummary {
  readonly id: string;
  /** The same file as it was added before, with another config or none: this one takes its place. */
  readonly replaced: string | undefined;
}

export interface LocalFiles {
  /** The same client, which with its start is given what was added before. It is the present one from then on. */
  join(client: LocalEngine): LocalEngine;
  /** null before the first worker. */
  client(): LocalEngine | null;
  /** @throws EngineError as `LocalFilesClient`; a folder that is refused isn't kept */
  addFolder(folder: ChosenFolder): Promise<ModelDescriptor>;
  /** @throws EngineError as `LocalFilesClient`; files that are refused aren't kept */
  addAdapter(files: AdapterFiles): Promise<AddedAdapter>;
  removeAdapter(id: string): void;
}

export function createLocalFiles(): LocalFiles {
  let present: LocalEngine | null = null;
  const folders = new Map<string, ChosenFolder>();
  const adapters = new Map<string, ChosenAdapter>();
  /** Ids of files that ever were here: what was drawn with one must not be taken for another's. */
  const named = new Map<string, AdapterFiles>();
  let foldersSeen = 0;

  function nameOf(files: AdapterFiles): string {
    const { name } = files.file;
    for (let count = 1; ; count++) {
      const id = count === 1 ? name : `${name} (${count})`;
      const other = named.get(id);
      if (other === undefined || isSameAdapter(other, files)) return id;
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
    async addAdapter(files) {
      const id = nameOf(files);
      const adapter: ChosenAdapter = { ...files, id };
      const summary = await engine().addAdapter(adapter);
      named.set(id, files);
      const replaced = [...adapters.values()].find(
        (other) => other.id !== id && isSameFile(other.file, files.file),
      )?.id;
      if (replaced !== undefined) adapters.delete(replaced);
      adapters.set(id, adapter);
      return { ...summary, id, replaced };
    },
    removeAdapter: (id) => void adapters.delete(id),
  };
}
