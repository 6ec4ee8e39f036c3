import { EngineError } from '../engine/core/errors.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';

/** Bytes or text by path; notes what is read. A read that leaves its file is a RangeError: a bug of the caller. */
export class MemoryFiles implements ModelFiles {
  readonly id = 'memory';
  readonly reads: { path: string; begin: number; end: number }[] = [];

  constructor(private readonly contents: Readonly<Record<string, Uint8Array | string>>) {}

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
    const content = Object.hasOwn(this.contents, path) ? this.contents[path] : undefined;
    if (content === undefined) {
      throw new EngineError('file-not-found', `${path} isn't there.`, { subject: path });
    }
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  }
}
