import { type FileHandle, open, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { CancelSignal } from '../../engine/core/cancel.ts';
import { throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

/** Bytes per read call: Node takes fewer than 2^31, and the signal is looked at in between. */
const pieceBytes = 64 * 1024 * 1024;

/**
 * A model folder on disk. Paths that name something outside the folder are refused; symbolic links are
 * followed, since whoever owns the folder made them (the Hugging Face cache consists of them).
 */
export class DirectoryFiles implements ModelFiles {
  /** The folder's absolute path. */
  readonly id: string;

  constructor(directory: string) {
    this.id = resolve(directory);
  }

  async has(path: string): Promise<boolean> {
    const location = this.#locate(path);
    return location !== undefined && ((await stat(location).catch(() => undefined))?.isFile() ?? false);
  }

  async size(path: string): Promise<number> {
    const handle = await this.#open(path);
    try {
      return (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  }

  async read(
    path: string,
    begin: number,
    end: number,
    signal?: CancelSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0 || begin > end) {
      throw new EngineError('argument-invalid', `${path}: [${begin}, ${end}) is no range.`, {
        subject: path,
      });
    }
    throwIfAborted(signal);
    const handle = await this.#open(path);
    try {
      // Before the memory is taken: `end` may be nonsense.
      const { size } = await handle.stat();
      if (end > size) throw tooShort(path, size, end);
      const bytes = new Uint8Array(end - begin);
      for (let done = 0; done < bytes.length; ) {
        throwIfAborted(signal);
        const length = Math.min(pieceBytes, bytes.length - done);
        const { bytesRead } = await handle.read(bytes, done, length, begin + done);
        if (bytesRead === 0) throw tooShort(path, begin + done, end);
        done += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  }

  diskPath(path: string): string | undefined {
    return this.#locate(path);
  }

  async #open(path: string): Promise<FileHandle> {
    const location = this.#locate(path);
    const missing = (cause?: unknown) =>
      new EngineError('file-not-found', `${path} isn't in ${this.id}.`, {
        subject: path,
        found: location === undefined ? 'a path that leaves the folder' : reasonOf(cause),
        wanted: `a file in ${this.id}`,
        remedy: 'Check the path, and that the download is complete.',
        cause,
      });
    if (location === undefined) throw missing();
    let handle: FileHandle;
    try {
      handle = await open(location, 'r');
    } catch (cause) {
      throw missing(cause);
    }
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw missing();
  }

  /** Where a path lies on disk; undefined when it isn't a plain relative path inside the folder. */
  #locate(path: string): string | undefined {
    const segments = path.split('/');
    const plain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
    if (!plain || isAbsolute(path) || /[\\\0]|^[A-Za-z]:/.test(path)) return undefined;
    return resolve(this.id, ...segments);
  }
}

function reasonOf(openError: unknown): string {
  const code = openError instanceof Error && 'code' in openError ? openError.code : undefined;
  return code === undefined || code === 'ENOENT' ? 'no such file' : `a file that can't be opened (${code})`;
}

function tooShort(path: string, size: number, end: number): EngineError {
  return new EngineError('file-malformed', `${path} ends too early.`, {
    subject: path,
    found: `${size} bytes`,
    wanted: `at least ${end}`,
    remedy: 'Download the file again.',
  });
}
