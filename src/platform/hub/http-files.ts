/** ModelFiles over HTTP on this page's own origin. */
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { type FileListing, type ListedFile, listingPath, parseFileListing } from './file-listing.ts';
import { receiveBytes, request } from './http-response.ts';

export interface HttpFilesOptions {
  /** Address of the models' root, with a slash at the end. */
  readonly root: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Files up to this size are fetched whole, once; of larger ones only the ranges asked for. */
  readonly wholeFileBytes?: number;
  /** Bytes of whole files held; the longest unused go first. */
  readonly heldBytes?: number;
}

export type FileProgress = (path: string, loadedBytes: number, totalBytes: number) => void;

const defaultWholeFileBytes = 64 * 1024 * 1024;
const defaultHeldBytes = 160 * 1024 * 1024;

/** @throws EngineError 'file-not-found' | 'file-malformed' for the listing */
export async function openHttpFiles(options: HttpFilesOptions): Promise<HttpFiles> {
  const { root, fetch = globalThis.fetch.bind(globalThis) } = options;
  const response = await request(fetch, root + listingPath, listingPath, { cache: 'no-cache' });
  const listing = parseFileListing(new Uint8Array(await response.arrayBuffer()));
  return new HttpFiles(listing, { ...options, fetch });
}

/**
 * Small files (those of the embedded model) are fetched whole and held, so that a page that has loaded works
 * without a network; ranges of large files are fetched as they are read.
 */
export class HttpFiles implements ModelFiles {
  readonly id: string;
  /** Told while whole files arrive. */
  onProgress: FileProgress | undefined;
  readonly #listing: FileListing;
  readonly #fetch: typeof globalThis.fetch;
  readonly #wholeFileBytes: number;
  readonly #heldBytes: number;
  /** In order of last use. */
  readonly #held = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(listing: FileListing, options: HttpFilesOptions & { readonly fetch: typeof globalThis.fetch }) {
    this.id = options.root;
    this.#listing = listing;
    this.#fetch = options.fetch;
    this.#wholeFileBytes = options.wholeFileBytes ?? defaultWholeFileBytes;
    this.#heldBytes = options.heldBytes ?? defaultHeldBytes;
  }

  /** Paths of every file, relative to the root. */
  get paths(): readonly string[] {
    return [...this.#listing.keys()];
  }

  async has(path: string): Promise<boolean> {
    return this.#listing.has(path);
  }

  async size(path: string): Promise<number> {
    return this.#listed(path).sizeBytes;
  }

  async read(
    path: string,
    begin: number,
    end: number,
    signal?: CancelSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#listed(path);
    if (begin < 0 || begin > end || end > file.sizeBytes) {
      throw new EngineError('file-malformed', `${path} ends before ${end}.`, {
        subject: path,
        found: `${file.sizeBytes} bytes`,
        wanted: `[${begin}, ${end})`,
        remedy: 'Reload the page; the model files contradict each other.',
      });
    }
    throwIfAborted(signal);
    if (begin === end) return new Uint8Array(0);
    if (file.sizeBytes > this.#wholeFileBytes) return this.#fetchRange(path, file, begin, end, signal);
    const whole = await this.#hold(path, file);
    throwIfAborted(signal);
    return whole.slice(begin, end);
  }

  /** Fetches files ahead, one after the other, as far as they are held. @throws as `read` */
  async prefetch(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const file = this.#listed(path);
      if (file.sizeBytes <= this.#wholeFileBytes) await this.#hold(path, file);
    }
  }

  /** A load is not tied to the signal of whoever asked first: others wait for it, and it is kept. */
  #hold(path: string, file: ListedFile): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#held.get(path);
    const bytes = known ?? this.#fetchWhole(path, file);
    this.#held.delete(path);
    this.#held.set(path, bytes);
    if (!known) {
      // A failed load is forgotten, so that the next read tries again.
      bytes.catch(() => this.#held.delete(path));
      this.#letGo();
    }
    return bytes;
  }

  #letGo(): void {
    let total = 0;
    for (const path of [...this.#held.keys()].reverse()) {
      total += this.#listing.get(path)!.sizeBytes;
      if (total > this.#heldBytes) this.#held.delete(path);
    }
  }

  async #fetchWhole(path: string, file: ListedFile): Promise<Uint8Array<ArrayBuffer>> {
    const response = await request(this.#fetch, this.#address(path, file), path, { cache: 'force-cache' });
    return receiveBytes(response, path, file.sizeBytes, {
      onPiece: (received) => this.onProgress?.(path, received, file.sizeBytes),
    });
  }

  async #fetchRange(
    path: string,
    file: ListedFile,
    begin: number,
    end: number,
    signal: CancelSignal | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const headers = { range: `bytes=${begin}-${end - 1}` };
    const response = await request(this.#fetch, this.#address(path, file), path, { headers });
    if (response.status === 206) return receiveBytes(response, path, end - begin, { signal });
    await response.body?.cancel();
    throw new EngineError('file-malformed', `The server does not serve parts of ${path}.`, {
      subject: path,
      found: `status ${response.status}`,
      wanted: 'status 206',
      remedy: 'Serve the page with a server that answers range requests.',
    });
  }

  #address(path: string, { hash }: ListedFile): string {
    return `${this.id}${path.split('/').map(encodeURIComponent).join('/')}?v=${hash}`;
  }

  #listed(path: string): ListedFile {
    const file = this.#listing.get(path);
    if (file) return file;
    throw new EngineError('file-not-found', `${path} isn't among the served models.`, {
      subject: path,
      found: 'no such file',
      wanted: `a file under ${this.id}`,
      remedy: 'Reload the page; if that does not help, the model folder is incomplete.',
    });
  }
}
