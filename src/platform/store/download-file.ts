/**
 * One remote file into the store: several ranges under way at a time in a bounded window, written at their offsets,
 * hashed in file order a few blocks behind, and vouched for by a manifest that is durable only after the bytes are.
 */
import { throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import { fetchRange, type RangeOptions } from '../hub/fetch-range.ts';
import { fileChanged } from '../hub/hub-errors.ts';
import type { RemoteFile } from '../hub/remote-file.ts';
import { blockDigest, gitBlobId } from './block-digest.ts';
import { BlockMemory } from './block-memory.ts';
import { blocksInMemory, type DownloadPace } from './download-pace.ts';
import { type FileManifest, isComplete, parseFileManifest, type StoredBlock } from './file-manifest.ts';
import { halfPlan } from './half-plan.ts';
import { JournaledDocument } from './journaled-document.ts';
import { RangeWindow } from './range-window.ts';
import type { ModelStorage, StorageFile } from './storage.ts';
import { originalPlan, type StoragePlan, type StoredAs } from './storage-plan.ts';
import { dataPath, manifestPath } from './stored-path.ts';
import type { OpenHash, StreamingHash } from './streaming-hash.ts';

export interface DownloadFileOptions extends RangeOptions {
  readonly pace: DownloadPace;
  readonly storeAs: StoredAs;
  readonly openHash: OpenHash;
  /** Bytes of the remote file that need not be fetched any more; called once, before the first range. */
  readonly onResumed?: ((count: number) => void) | undefined;
}

/**
 * Fetches what is missing. The caller holds the file's lock.
 * @param file '<source folder>/<path>' in the store
 * @returns the complete manifest
 * @throws EngineError 'file-changed' when the hub has another version than the one begun with; 'file-malformed'
 *   when the hash is wrong (the bytes are then thrown away); 'storage-full'; 'non-finite'; what fetching throws.
 *   What was written before stays, for the next call.
 */
export async function downloadFile(
  storage: ModelStorage,
  file: string,
  remote: RemoteFile,
  options: DownloadFileOptions,
): Promise<FileManifest> {
  const document = await JournaledDocument.open(storage, manifestPath(file));
  try {
    const known = parseFileManifest(document.value);
    if (known) assertSameVersion(known, remote);
    const data = await storage.open(dataPath(file));
    try {
      if (isComplete(known) && (await data.size()) === known.storedBytes) {
        options.onResumed?.(known.sizeBytes);
        return known;
      }
      return await new FileDownload(document, data, remote, options).run(known);
    } finally {
      await data.close();
    }
  } finally {
    await document.close();
  }
}

/**
 * By whatever both sides know, the surest first.
 * @throws EngineError 'file-changed'
 */
export function assertSameVersion(
  known: FileManifest,
  remote: Pick<RemoteFile, 'path' | 'sizeBytes'> & Partial<Pick<RemoteFile, 'sha256' | 'gitBlobId' | 'etag'>>,
): void {
  if (known.sizeBytes !== remote.sizeBytes) {
    throw fileChanged(remote.path, `${remote.sizeBytes} bytes`, `${known.sizeBytes} bytes`);
  }
  if (known.expectedSha256 !== undefined && remote.sha256 !== undefined) {
    if (known.expectedSha256 === remote.sha256) return;
    throw fileChanged(remote.path, `SHA-256 ${remote.sha256}`, `SHA-256 ${known.expectedSha256}`);
  }
  if (known.gitBlobId !== undefined && remote.gitBlobId !== undefined) {
    if (known.gitBlobId === remote.gitBlobId) return;
    throw fileChanged(remote.path, `blob ${remote.gitBlobId}`, `blob ${known.gitBlobId}`);
  }
  if (known.etag !== undefined && remote.etag !== undefined && known.etag !== remote.etag) {
    throw fileChanged(remote.path, `ETag ${remote.etag}`, `ETag ${known.etag}`);
  }
}

/** Of a file whose name says it may be narrowed, the header is looked at. @throws EngineError as `halfPlan` and `fetchRange` */
export function planFor(
  remote: RemoteFile,
  storeAs: StoredAs,
  blockBytes: number,
  options: RangeOptions,
): Promise<StoragePlan> | StoragePlan {
  const half = storeAs === 'float16' && remote.path.endsWith('.safetensors') && remote.takesRanges;
  return half
    ? halfPlan(remote.path, remote.sizeBytes, blockBytes, (begin, end) =>
        fetchRange(remote, begin, end, options),
      )
    : originalPlan(remote.sizeBytes, blockBytes);
}

/** Of these the hub tells git's hash of the whole, so that they come in one block: vocabularies have 2 MB. */
const oneBlockBytes = 16 * 2 ** 20;

function blockSize({ sizeBytes, gitBlobId }: RemoteFile, { blockBytes }: DownloadPace): number {
  if (gitBlobId !== undefined && sizeBytes <= oneBlockBytes) return Math.max(1, sizeBytes);
  return sizeBytes <= 16 * blockBytes ? blockBytes / 4 : blockBytes;
}

/** By so many bytes, less one, a block may be longer than its nominal size. */
const longestElement = 4;

class FileDownload {
  readonly #document: JournaledDocument;
  readonly #data: StorageFile;
  readonly #remote: RemoteFile;
  readonly #options: DownloadFileOptions;
  readonly #blocks: StoredBlock[] = [];
  #blockBytes: number;
  #committed = 0;
  #committedAt = 0;
  #committing: Promise<void> = Promise.resolve();
  #hashFailed = false;

  constructor(
    document: JournaledDocument,
    data: StorageFile,
    remote: RemoteFile,
    options: DownloadFileOptions,
  ) {
    this.#document = document;
    this.#data = data;
    this.#remote = remote;
    this.#options = options;
    this.#blockBytes = options.pace.blockBytes;
  }

  async run(known: FileManifest | undefined): Promise<FileManifest> {
    const { signal, storeAs, transport, headers, openHash } = this.#options;
    this.#blockBytes = known?.blockBytes ?? blockSize(this.#remote, this.#options.pace);
    const plan = await planFor(this.#remote, known?.storedAs ?? storeAs, this.#blockBytes, {
      transport,
      headers,
      signal,
    });
    const resumed = known && (await this.#resume(known, plan));
    const hash = resumed ?? (await openHash(undefined, this.#remote.sizeBytes))!;
    try {
      const first = this.#blocks.length;
      this.#options.onResumed?.(first === plan.blockCount ? plan.sizeBytes : plan.block(first).begin);
      // As large as it will be: a disk that is too small says so now.
      await this.#data.truncate(plan.storedBytes);
      this.#committed = first;
      this.#committedAt = performance.now();
      return await this.#complete(plan, hash);
    } finally {
      hash.close();
    }
  }

  /** @returns the hash after the blocks that are kept; undefined when nothing is */
  async #resume(known: FileManifest, plan: StoragePlan): Promise<StreamingHash | undefined> {
    const fits =
      known.storedAs === plan.storedAs &&
      known.storedBytes === plan.storedBytes &&
      known.blockCount === plan.blockCount &&
      known.hashState !== undefined &&
      (await this.#data.size()) >= (known.blocks.at(-1)?.end ?? 0);
    const { openHash } = this.#options;
    const hash = fits ? await openHash(known.hashState, known.sizeBytes) : undefined;
    if (hash) this.#blocks.push(...known.blocks);
    return hash;
  }

  async #complete(plan: StoragePlan, hash: StreamingHash): Promise<FileManifest> {
    try {
      await this.#storeBlocks(plan, hash);
    } catch (thrown) {
      // What has come is worth keeping, whatever ended the download; a full disk may refuse even that.
      await this.#committing.catch(() => {});
      await this.#commit(plan, hash).catch(() => {});
      throw thrown;
    }
    await this.#committing;
    const found = await hash.digest();
    if (this.#remote.sha256 !== undefined && found !== this.#remote.sha256) {
      await this.#document.write({});
      await this.#data.truncate(0);
      throw wrongHash(this.#remote.path, found, this.#remote.sha256);
    }
    await this.#data.flush();
    const manifest = { ...this.#manifest(plan), sha256: found };
    await this.#document.write(manifest);
    return manifest;
  }

  async #storeBlocks(plan: StoragePlan, hash: StreamingHash): Promise<void> {
    const { signal, pace } = this.#options;
    const first = this.#blocks.length;
    const memory = new BlockMemory(this.#blockBytes + longestElement, blocksInMemory(pace));
    const ranges = new RangeWindow(this.#remote, plan, pace.window, first, {
      ...this.#options,
      allocate: (sizeBytes) => memory.take(sizeBytes),
    });
    const unhashed: Promise<void>[] = [];
    try {
      for (let i = first; i < plan.blockCount; i++) {
        throwIfAborted(signal);
        const bytes = await ranges.next();
        await this.#store(plan, i, bytes);
        // Only now: a write that failed must leave hash and blocks of the same length.
        const hashed = hash.update(bytes).then((buffer) => memory.give(buffer));
        hashed.catch(() => {
          this.#hashFailed = true;
        });
        unhashed.push(hashed);
        if (unhashed.length > pace.unhashedBlocks) await unhashed.shift();
        if (performance.now() - this.#committedAt >= pace.commitMs) {
          await this.#committing;
          this.#committing = this.#commit(plan, hash);
          // Awaited before the next one, and at the end.
          this.#committing.catch(() => {});
        }
      }
    } finally {
      memory.close();
      await ranges.close();
    }
  }

  async #store(plan: StoragePlan, i: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { gitBlobId: wanted, path } = this.#remote;
    if (wanted !== undefined && plan.blockCount === 1) {
      const found = await gitBlobId(bytes);
      if (found !== wanted) throw wrongHash(path, `blob ${found}`, `blob ${wanted}`);
    }
    const stored = plan.convert(i, bytes);
    const at = this.#blocks.at(-1)?.end ?? 0;
    const digest = await blockDigest(stored);
    await this.#data.write(stored, at);
    this.#blocks.push({ end: at + stored.length, digest });
  }

  /**
   * The bytes first, then the manifest that vouches for them. Blocks that are stored while this waits for the hash
   * belong to the next one.
   */
  async #commit(plan: StoragePlan, hash: StreamingHash): Promise<void> {
    if (this.#blocks.length === this.#committed) return;
    this.#committedAt = performance.now();
    const manifest = this.#manifest(plan);
    const hashState = await hash.save();
    // A state that misses a block must not be put away.
    if (this.#hashFailed) return;
    await this.#data.flush();
    await this.#document.write({ ...manifest, hashState });
    this.#committed = manifest.blocks.length;
  }

  #manifest(plan: StoragePlan): FileManifest {
    const { url, etag, sha256: expectedSha256, gitBlobId, sizeBytes } = this.#remote;
    const { storedAs, storedBytes, blockCount } = plan;
    return {
      url,
      etag,
      expectedSha256,
      gitBlobId,
      sizeBytes,
      storedAs,
      storedBytes,
      blockBytes: this.#blockBytes,
      blockCount,
      blocks: [...this.#blocks],
      hashState: undefined,
      sha256: undefined,
    };
  }
}

function wrongHash(path: string, found: string, wanted: string): EngineError {
  return new EngineError('file-malformed', `${path} arrived with other bytes than the hub promised.`, {
    subject: path,
    found,
    wanted,
    remedy: 'Download it again; if it stays so, the mirror or the line changes the bytes.',
  });
}
