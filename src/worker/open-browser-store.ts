/** The store of this origin, as both workers open it. */
import { opfsStorage } from '../platform/browser/opfs-storage.ts';
import { webLocks } from '../platform/browser/web-locks.ts';
import { defaultTransport } from '../platform/hub/transport.ts';
import { ModelStore } from '../platform/store/model-store.ts';
import { storeFolder } from '../platform/store/stored-path.ts';
import type { OpenHash } from '../platform/store/streaming-hash.ts';
import type { OpenedStore } from './stored-models.ts';

/**
 * @param openHash for who downloads: how hashes are computed
 * @throws DOMException where the browser keeps nothing, as in some private windows
 */
export async function openBrowserStore(openHash?: OpenHash): Promise<OpenedStore> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(storeFolder, { create: true });
  const storage = opfsStorage(folder, navigator.storage);
  const transport = { ...defaultTransport, fetch: fetch.bind(globalThis) };
  const locks = webLocks(navigator.locks);
  const now = () => performance.now();
  return { storage, store: new ModelStore({ storage, locks, transport, openHash, now }) };
}
