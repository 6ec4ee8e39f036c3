/** How a remote file is cut into blocks, and what each block becomes on disk. */

export interface BlockRange {
  /** In the remote file. */
  readonly begin: number;
  readonly end: number;
}

export type StoredAs = 'original' | 'float16';

export interface StoragePlan {
  readonly storedAs: StoredAs;
  /** Of the remote file. */
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly blockCount: number;
  block(i: number): BlockRange;
  /**
   * What is stored for block `i`, given its remote bytes; blocks lie on disk one after the other. Good until the next
   * call: it may be the bytes themselves, or memory that is used again.
   * @throws EngineError 'non-finite' for a number that float16 can't hold
   */
  convert(i: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}

/** The file as it is, in blocks of one size. An empty file is one empty block, so that it is written and vouched for. */
export function originalPlan(sizeBytes: number, blockBytes: number): StoragePlan {
  return {
    storedAs: 'original',
    sizeBytes,
    storedBytes: sizeBytes,
    blockCount: Math.max(1, Math.ceil(sizeBytes / blockBytes)),
    block: (i) => ({ begin: i * blockBytes, end: Math.min(sizeBytes, (i + 1) * blockBytes) }),
    convert: (_, bytes) => bytes,
  };
}
