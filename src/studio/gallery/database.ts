/** The gallery in IndexedDB: one record an entry, its pictures as PNG blobs. */
import { type DBSchema, openDB } from 'idb';
import type { GalleryEntry } from './entry.ts';

const databaseName = 'instaflow-studio.gallery';
const storeName = 'entries';
/** Records of an older shape are read as they are: fields are only ever added. */
const version = 1;

interface Schema extends DBSchema {
  [storeName]: { key: string; value: GalleryEntry };
}

/** What one transaction does: all of it, or nothing. */
export interface GalleryChange {
  readonly put?: readonly GalleryEntry[];
  /** Ids. */
  readonly remove?: readonly string[];
}

/** Calls reject with the browser's DOMException: 'QuotaExceededError' when there is no room. */
export interface GalleryDatabase {
  all(): Promise<readonly GalleryEntry[]>;
  write(change: GalleryChange): Promise<void>;
}

/** @throws DOMException where the browser keeps nothing for this page */
export async function openGalleryDatabase(): Promise<GalleryDatabase> {
  const database = await openDB<Schema>(databaseName, version, {
    upgrade: (fresh) => void fresh.createObjectStore(storeName, { keyPath: 'id' }),
    // Another tab brings a newer shape: let go, so that it isn't kept waiting.
    blocking: () => database.close(),
  });
  return {
    all: () => database.getAll(storeName),
    async write({ put = [], remove = [] }) {
      const { store, done } = database.transaction(storeName, 'readwrite');
      await Promise.all([
        ...remove.map((id) => store.delete(id)),
        ...put.map((entry) => store.put(entry)),
        done,
      ]);
    },
  };
}
