import { EngineError } from '../../core/errors.ts';
import type { ModelFiles } from '../model-files.ts';

/** Files in memory that note what is read. A read that leaves its file is a RangeError: a bug of the caller. */
export class MemoryFiles implements ModelFiles {
  readonly id = 'memory';
  readonly reads: { path: string; begin: number; end: number }[] = [];

  constructor(private readonly contents: Readonly<Record<string, Uint8Array>>) {}

  async has(path: string): Promise<boolean> {
    return Object.hasOwn(this.contents, path);
  }

  async size(path: string): Promise<number> {
    return this.#bytes(path).byteLength;
  }

  async read(path: string, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#bytes(path);
    this.reads.push({ path, begin, end });
    if (!(begin >= 0 && begin <= end && end <= bytes.byteLength)) {
      throw new RangeError(`[${begin}, ${end}) of ${bytes.byteLength} bytes`);
    }
    return bytes.slice(begin, end) as Uint8Array<ArrayBuffer>;
  }

  #bytes(path: string): Uint8Array {
    const bytes = Object.hasOwn(this.contents, path) ? this.contents[path] : undefined;
    if (!bytes) throw new EngineError('file-not-found', `no ${path}`, { subject: path });
    return bytes;
  }
}
