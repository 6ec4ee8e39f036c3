/** How a download stands, in numbers for the reader. */
import { createTransferRate } from '../hub/transfer-rate.ts';

export interface DownloadProgress {
  readonly phase: 'asking' | 'fetching' | 'waiting' | 'done';
  /** Of the published files, what was there before included. */
  readonly receivedBytes: number;
  /** Of those, what was there before this start. */
  readonly resumedBytes: number;
  /** 0 until the hub has said how much there is. */
  readonly totalBytes: number;
  readonly bytesPerSecond?: number | undefined;
  readonly secondsLeft?: number | undefined;
  /** Inside the repository. */
  readonly path?: string | undefined;
  readonly fileIndex?: number | undefined;
  readonly fileCount?: number | undefined;
  /** Why it waits, and for how long where that is known. */
  readonly reason?: string | undefined;
  readonly waitMs?: number | undefined;
}

export interface DownloadMeter {
  start(totalBytes: number): void;
  file(path: string, index: number, count: number): void;
  /** Bytes that came; negative for those that have to come again. */
  add(count: number): void;
  /** Bytes that were there before: no part of the rate. */
  resume(count: number): void;
  tell(phase: DownloadProgress['phase'], reason?: string, waitMs?: number): void;
}

/** Told at most every so many milliseconds while bytes come. */
const tellMs = 100;

/** @param now monotonic milliseconds */
export function createDownloadMeter(
  now: () => number,
  onProgress: ((progress: DownloadProgress) => void) | undefined,
): DownloadMeter {
  const rate = createTransferRate(now);
  let totalBytes = 0;
  let fetched = 0;
  let before = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let current: Pick<DownloadProgress, 'path' | 'fileIndex' | 'fileCount'> = {};
  const tell: DownloadMeter['tell'] = (phase, reason, waitMs) => {
    toldAt = now();
    const receivedBytes = fetched + before;
    const bytesPerSecond = phase === 'fetching' ? rate.bytesPerSecond() : undefined;
    const secondsLeft = bytesPerSecond ? (totalBytes - receivedBytes) / bytesPerSecond : undefined;
    onProgress?.({
      phase,
      receivedBytes,
      resumedBytes: before,
      totalBytes,
      bytesPerSecond,
      secondsLeft,
      ...current,
      reason,
      waitMs,
    });
  };
  return {
    start(bytes) {
      totalBytes = bytes;
      rate.add(0);
      tell('fetching');
    },
    file(path, fileIndex, fileCount) {
      current = { path, fileIndex, fileCount };
    },
    add(count) {
      fetched += count;
      rate.add(fetched);
      if (now() - toldAt >= tellMs) tell('fetching');
    },
    resume(count) {
      before += count;
      tell('fetching');
    },
    tell,
  };
}
