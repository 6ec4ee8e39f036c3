/**
 * ModelStorage in memory, with the accidents that disks have: no room, and a death at any operation, after which
 * only what was flushed is sure. What wasn't comes back in part, page by page, as after a power cut.
 */
import { EngineError } from '../engine/core/errors.ts';
import type { ModelStorage, StorageFile } from '../platform/store/storage.ts';

interface Content {
  durable: Uint8Array<ArrayBuffer>;
  current: Uint8Array<ArrayBuffer>;
}

export interface MemoryStorageOptions {
  readonly capacityBytes?: number;
  /** The operation, counted from 1, at which everything stops. */
  readonly diesAt?: number;
  /** Throws where a write fails though there should be room. */
  readonly refusesWrite?: (path: string) => void;
  /** 0 to 1, for what becomes of bytes that weren't flushed. */
  readonly random?: () => number;
  readonly files?: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

const pageBytes = 4096;

export class MemoryStorage implements ModelStorage {
  /** So far. */
  operations = 0;
  readonly #files = new Map<string, Content>();
  readonly #open = new Set<string>();
  readonly #options: MemoryStorageOptions;

  constructor(options: MemoryStorageOptions = {}) {
    this.#options = options;
    for (const [path, bytes] of options.files ?? []) {
      this.#files.set(path, { durable: bytes.slice(), current: bytes.slice() });
    }
  }

  get dead(): boolean {
    return this.operations >= (this.#options.diesAt ?? Number.POSITIVE_INFINITY);
  }

  /** The disk as the next process finds it. */
  afterDeath(options: MemoryStorageOptions = {}): MemoryStorage {
    const { random = Math.random } = this.#options;
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const [path, { durable, current }] of this.#files) {
      const survivor = (random() < 0.5 ? durable : current).slice();
      for (let at = 0; at < survivor.length; at += pageBytes) {
        const other = random() < 0.5 ? durable : current;
        survivor.set(other.subarray(at, Math.min(at + pageBytes, survivor.length)), at);
      }
      // Flushed bytes that nobody wrote since are sure.
      const same = Math.min(durable.length, current.length);
      for (let i = 0; i < same; i++) if (durable[i] === current[i]) survivor[i] = durable[i]!;
      files.set(path, survivor);
    }
    return new MemoryStorage({ ...options, files });
  }

  async open(path: string): Promise<StorageFile> {
    this.#operate();
    if (this.#open.has(path)) throw new EngineError('storage-busy', `${path} is open.`);
    this.#open.add(path);
    const content = this.#files.get(path) ?? { durable: new Uint8Array(0), current: new Uint8Array(0) };
    this.#files.set(path, content);
    const operate = () => this.#operate();
    const bad = this.#options.refusesWrite ?? (() => {});
    const grow = (by: number) => this.#assertRoom(path, by);
    return {
      async size() {
        return content.current.length;
      },
      async read(begin, end) {
        return content.current.slice(begin, end);
      },
      async write(bytes, at) {
        operate();
        grow(Math.max(0, at + bytes.length - content.current.length));
        bad(path);
        content.current = resized(content.current, Math.max(content.current.length, at + bytes.length));
        content.current.set(bytes, at);
      },
      async truncate(sizeBytes) {
        operate();
        grow(Math.max(0, sizeBytes - content.current.length));
        content.current = resized(content.current, sizeBytes);
      },
      async flush() {
        operate();
        content.durable = content.current.slice();
      },
      close: async () => void this.#open.delete(path),
    };
  }

  async snapshot(path: string) {
    const content = this.#files.get(path);
    const bytes = content?.current.slice();
    return bytes && { sizeBytes: bytes.length, read: async (a: number, b: number) => bytes.slice(a, b) };
  }

  async list(folder: string) {
    return [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`));
  }

  async remove(path: string) {
    this.#operate();
    for (const other of [...this.#files.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.#files.delete(other);
    }
  }

  async estimate() {
    const usedBytes = this.#usedBytes();
    const { capacityBytes = 1e12 } = this.#options;
    return { usedBytes, freeBytes: Math.max(0, capacityBytes - usedBytes) };
  }

  #usedBytes(): number {
    return [...this.#files.values()].reduce((sum, { current }) => sum + current.length, 0);
  }

  #operate(): void {
    this.operations += 1;
    if (this.dead) throw new Error('the process was killed');
  }

  #assertRoom(path: string, by: number): void {
    if (this.#usedBytes() + by <= (this.#options.capacityBytes ?? Number.POSITIVE_INFINITY)) return;
    throw new EngineError('storage-full', 'No more room.', { subject: path });
  }
}

function resized(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  result.set(bytes.subarray(0, length));
  return result;
}
