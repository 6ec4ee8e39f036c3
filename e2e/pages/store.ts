/** The store's worker without the studio around it: what a test asks of it from outside. */
import { EngineError } from '../../src/engine/core/errors.ts';
import { createStoreClient } from '../../src/worker/store-client.ts';
import type { DownloadProgress, StoredModel } from '../../src/worker/store-protocol.ts';

type Failure = { readonly code: string; readonly message: string };

export interface StoreUnderTest {
  /** 'done', or how it failed. */
  download(hub: string, model: string, storeAs: 'original' | 'float16'): Promise<'done' | Failure>;
  /** How many blocks were mended, or how it failed. */
  check(hub: string, model: string): Promise<number | Failure>;
  list(): Promise<readonly StoredModel[]>;
  remove(model: string): Promise<'done' | Failure>;
  /** Of every file below the folder of the store, by path. */
  hashes(folder: string): Promise<Record<string, string>>;
  /** Turns a bit of one byte of a stored file. */
  damage(path: string, at: number): Promise<void>;
  readonly told: DownloadProgress[];
}

declare global {
  interface Window {
    store: StoreUnderTest;
  }
}

const client = createStoreClient();
const told: DownloadProgress[] = [];

function failure(thrown: unknown): Failure {
  const { code, message } = EngineError.from(thrown);
  return { code, message };
}

async function folderAt(path: string): Promise<FileSystemDirectoryHandle> {
  let folder = await navigator.storage.getDirectory();
  for (const segment of path.split('/')) folder = await folder.getDirectoryHandle(segment);
  return folder;
}

async function hashFiles(
  folder: FileSystemDirectoryHandle,
  path: string,
  hashes: Record<string, string>,
): Promise<void> {
  for await (const [name, entry] of folder.entries()) {
    const inside = path === '' ? name : `${path}/${name}`;
    if (entry.kind === 'directory') {
      await hashFiles(entry as FileSystemDirectoryHandle, inside, hashes);
      continue;
    }
    const bytes = await (await (entry as FileSystemFileHandle).getFile()).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    hashes[inside] = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

window.store = {
  told,
  async download(baseUrl, text, storeAs) {
    const onProgress = (progress: DownloadProgress) => void told.push(progress);
    try {
      await client.download({ kind: 'typed', text, storeAs }, 'terms', { baseUrl }, { onProgress });
      return 'done';
    } catch (thrown) {
      return failure(thrown);
    }
  },
  check: (baseUrl, model) => client.check(model, { baseUrl }, {}).catch(failure),
  list: async () => (await client.state()).models,
  async remove(model) {
    try {
      await client.remove(model);
      return 'done';
    } catch (thrown) {
      return failure(thrown);
    }
  },
  async hashes(folder) {
    const hashes: Record<string, string> = {};
    await hashFiles(await folderAt(`models/files/${folder}`), '', hashes);
    return hashes;
  },
  async damage(path, at) {
    const slash = path.lastIndexOf('/');
    const folder = await folderAt(`models/files/${path.slice(0, slash)}`);
    const handle = await folder.getFileHandle(path.slice(slash + 1));
    const [byte] = new Uint8Array(await (await handle.getFile()).slice(at, at + 1).arrayBuffer());
    const writable = await handle.createWritable({ keepExistingData: true });
    await writable.write({ type: 'write', position: at, data: Uint8Array.of(byte! ^ 1) });
    await writable.close();
  },
};
