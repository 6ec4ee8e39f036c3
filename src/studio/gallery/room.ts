/** Which entries go when room is short: the oldest that have no star. */
import { entryBytes, type GalleryEntry, totalBytes } from './entry.ts';

/** The gallery never takes more, however much the browser allows: models want the rest. */
const mostBytes = 1024 ** 3;
/** Share of what the browser allows to this origin. */
const shareOfQuota = 0.25;

export interface StorageEstimate {
  readonly usageBytes: number;
  readonly quotaBytes: number;
}

/** Bytes that the gallery may take. @param storage null where the browser doesn't say */
export function galleryBudget(storage: StorageEstimate | null): number {
  return storage === null ? mostBytes : Math.min(mostBytes, storage.quotaBytes * shareOfQuota);
}

/**
 * The entries to drop so that `entries` and `incoming` together stay within the budget. Starred ones stay even when
 * that isn't enough.
 */
export function entriesToDrop(
  entries: readonly GalleryEntry[],
  incoming: GalleryEntry,
  budgetBytes: number,
): readonly GalleryEntry[] {
  const others = entries.filter(({ id }) => id !== incoming.id);
  let excess = totalBytes(others) + entryBytes(incoming) - budgetBytes;
  const dropped: GalleryEntry[] = [];
  const oldestFirst = others.filter(({ starred }) => !starred).sort((a, b) => a.keptAtMs - b.keptAtMs);
  for (const entry of oldestFirst) {
    if (excess <= 0) break;
    dropped.push(entry);
    excess -= entryBytes(entry);
  }
  return dropped;
}
