/** The gallery over this browser's storage; the database's code is fetched when the gallery opens. */
import { createGallery, type Gallery } from './gallery.ts';
import type { StorageEstimate } from './room.ts';

async function estimateStorage(): Promise<StorageEstimate | null> {
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : { usageBytes: usage, quotaBytes: quota };
}

export function createBrowserGallery(): Gallery {
  return createGallery({
    openDatabase: async () => (await import('./database.ts')).openGalleryDatabase(),
    estimateStorage,
    persist: async () => void (await navigator.storage.persist()),
  });
}
