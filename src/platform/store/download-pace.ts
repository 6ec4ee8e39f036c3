/** How much of a download is under way at a time. */
export interface DownloadPace {
  /** Of large files; smaller ones have blocks of a quarter, so that a break costs little of them as well. */
  readonly blockBytes: number;
  /** Requests under way at a time, of a block each. */
  readonly window: number;
  /** Blocks that are stored and wait for the hash of the whole file, at most. */
  readonly unhashedBlocks: number;
  /** The manifest is written after so many milliseconds of work, at the latest. */
  readonly commitMs: number;
}

export const defaultPace: DownloadPace = {
  blockBytes: 4 * 1024 * 1024,
  window: 6,
  unhashedBlocks: 4,
  commitMs: 1000,
};

/** In memory at a time, at most: those that have come, the one that is being stored, those that are not hashed yet. */
export function blocksInMemory({ window, unhashedBlocks }: DownloadPace): number {
  return window + 1 + unhashedBlocks + 1;
}
