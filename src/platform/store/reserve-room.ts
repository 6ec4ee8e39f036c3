/**
 * Room for a file, taken before any of it is fetched. Browsers answer `estimate()` with figures that are rounded
 * against fingerprinting (Chromium 156: 10 GiB beyond what is used, whatever the disk has); making the file as large
 * as it will be is the one question that they answer truly.
 */
import type { ModelStorage } from './storage.ts';
import { dataPath } from './stored-path.ts';

/**
 * The caller holds the file's lock.
 * @returns how large the file was; to be given to `giveBack` when the rest doesn't fit
 * @throws EngineError 'storage-full': the file is then as it was
 */
export async function reserveRoom(storage: ModelStorage, file: string, sizeBytes: number): Promise<number> {
  const data = await storage.open(dataPath(file));
  try {
    const before = await data.size();
    if (before < sizeBytes) await data.truncate(sizeBytes);
    return before;
  } finally {
    await data.close();
  }
}

export async function giveBack(storage: ModelStorage, file: string, sizeBytes: number): Promise<void> {
  if (sizeBytes === 0) return storage.remove(dataPath(file));
  const data = await storage.open(dataPath(file));
  try {
    await data.truncate(sizeBytes);
  } finally {
    await data.close();
  }
}
