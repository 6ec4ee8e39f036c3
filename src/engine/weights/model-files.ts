import type { CancelSignal } from '../core/cancel.ts';

/**
 * Port: read access to the files of one model folder. Paths are relative to the folder, with forward
 * slashes ('unet/config.json'). Implementations: a directory (Node), same-origin HTTP ranges, OPFS.
 */
export interface ModelFiles {
  /** Stable name of the folder, for messages and as a cache key. */
  readonly id: string;
  has(path: string): Promise<boolean>;
  /** @throws EngineError 'file-not-found' */
  size(path: string): Promise<number>;
  /**
   * The bytes [begin, end) of a file; the caller owns them.
   * @throws EngineError 'file-not-found'; 'file-malformed' when the file is shorter than `end`
   */
  read(path: string, begin: number, end: number, signal?: CancelSignal): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The absolute path of a file on this machine's disk, where it has one: a native runtime maps it into memory
   * instead of having it read and copied.
   */
  diskPath?(path: string): string | undefined;
  /**
   * The browser's Blob of a file, where it has one: a runtime reads it in pieces instead of having it copied. The
   * engine, which knows no browser, only passes it on.
   * @param onRead hears of every byte that is read of it
   * @throws EngineError 'file-not-found'
   */
  blob?(path: string, onRead?: (sizeBytes: number) => void): Promise<object | undefined>;
}
