/** One folder of a ModelFiles as a ModelFiles of its own. */
import type { CancelSignal } from '../../engine/core/cancel.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

export class FolderOfFiles implements ModelFiles {
  readonly id: string;
  readonly #files: ModelFiles;

  constructor(files: ModelFiles, folder: string) {
    this.id = folder;
    this.#files = files;
  }

  has(path: string): Promise<boolean> {
    return this.#files.has(`${this.id}/${path}`);
  }

  size(path: string): Promise<number> {
    return this.#files.size(`${this.id}/${path}`);
  }

  read(path: string, begin: number, end: number, signal?: CancelSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#files.read(`${this.id}/${path}`, begin, end, signal);
  }

  async blob(path: string, onRead?: (sizeBytes: number) => void): Promise<object | undefined> {
    return this.#files.blob?.(`${this.id}/${path}`, onRead);
  }
}
