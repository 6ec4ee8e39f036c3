/** ModelFiles over anything that finds files as snapshots: the store, a folder that the reader chose. */
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import type { StorageSnapshot } from './storage.ts';
import { WatchedBlob } from './watched-blob.ts';

export class SnapshotFiles implements ModelFiles {
  readonly id: string;
  readonly #find: (path: string) => Promise<StorageSnapshot | undefined>;
  /** Finding walks through folders, and a network is read in hundreds of ranges. */
  readonly #found = new Map<string, StorageSnapshot>();

  constructor(id: string, find: (path: string) => Promise<StorageSnapshot | undefined>) {
    this.id = id;
    this.#find = find;
  }

  /** Files are looked for anew: some came or went. */
  forget(): void {
    this.#found.clear();
  }

  async has(path: string): Promise<boolean> {
    return (await this.#snapshot(path)) !== undefined;
  }

  async size(path: string): Promise<number> {
    return (await this.#existing(path)).sizeBytes;
  }

  async read(
    path: string,
    begin: number,
    end: number,
    signal?: CancelSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    throwIfAborted(signal);
    const snapshot = await this.#existing(path);
    if (begin < 0 || begin > end || end > snapshot.sizeBytes) throw tooShort(path, snapshot.sizeBytes, end);
    try {
      return await snapshot.read(begin, end);
    } catch (cause) {
      // A browser's file can't be read any more once it was changed or removed.
      this.#found.delete(path);
      throw new EngineError('file-malformed', `${path} can't be read any more.`, {
        subject: path,
        found: cause instanceof Error ? cause.message : String(cause),
        wanted: 'the file as it was opened',
        remedy: 'Open the model again: the file was changed or removed meanwhile.',
        cause,
      });
    }
  }

  async blob(path: string, onRead?: (sizeBytes: number) => void): Promise<Blob | undefined> {
    const { blob } = await this.#existing(path);
    return blob && onRead ? new WatchedBlob(blob, onRead) : blob;
  }

  async #snapshot(path: string): Promise<StorageSnapshot | undefined> {
    const known = this.#found.get(path);
    if (known) return known;
    const found = await this.#find(path);
    if (found) this.#found.set(path, found);
    return found;
  }

  async #existing(path: string): Promise<StorageSnapshot> {
    const snapshot = await this.#snapshot(path);
    if (snapshot) return snapshot;
    throw new EngineError('file-not-found', `${path} isn't in ${this.id}.`, {
      subject: path,
      found: 'no such file',
      wanted: `a file of ${this.id}`,
      remedy: 'Check that the download is complete, or that the right folder was chosen.',
    });
  }
}

function tooShort(path: string, size: number, end: number): EngineError {
  return new EngineError('file-malformed', `${path} ends too early.`, {
    subject: path,
    found: `${size} bytes`,
    wanted: `at least ${end}`,
    remedy: 'Download the file again.',
  });
}
