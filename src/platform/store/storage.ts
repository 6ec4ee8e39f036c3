/**
 * Port: a folder of files with positional writes. Paths have forward slashes and no '.' or '..'. Implementations:
 * the browser's origin-private file system, a folder on disk. Whoever opens a file for writing holds its lock.
 */

export interface StorageFile {
  size(): Promise<number>;
  /** The bytes [begin, end); fewer where the file ends before. */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws EngineError 'storage-full' */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Shorter or longer. @throws EngineError 'storage-full' */
  truncate(sizeBytes: number): Promise<void>;
  /** After this, what was written before survives a crash. */
  flush(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** A file as it is now, for reading while others may hold it open. */
export interface StorageSnapshot {
  readonly sizeBytes: number;
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** In a browser: the file itself, read lazily by whoever gets it. */
  readonly blob?: Blob | undefined;
}

export interface StorageEstimate {
  readonly usedBytes: number;
  /** Bytes that may still be written. */
  readonly freeBytes: number;
}

export interface ModelStorage {
  /** Opens for reading and writing; made, with its folders, where missing. @throws EngineError 'storage-busy' */
  open(path: string): Promise<StorageFile>;
  /** undefined when there is no such file. */
  snapshot(path: string): Promise<StorageSnapshot | undefined>;
  /** Paths of the files below a folder, at any depth; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** A file, or a folder with everything in it; nothing happens when there is none. */
  remove(path: string): Promise<void>;
  estimate(): Promise<StorageEstimate>;
}
