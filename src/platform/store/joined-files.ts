/** Several model folders as one: each under a name of its own, besides a root for everything else. */
import type { CancelSignal } from '../../engine/core/cancel.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

export class JoinedFiles implements ModelFiles {
  readonly id: string;
  readonly #root: ModelFiles;
  readonly #folders = new Map<string, ModelFiles>();

  constructor(root: ModelFiles) {
    this.id = root.id;
    this.#root = root;
  }

  /** Paths that begin with 'name/' are those of `files` from now on. */
  mount(name: string, files: ModelFiles): void {
    this.#folders.set(name, files);
  }

  has(path: string): Promise<boolean> {
    const [files, inside] = this.#locate(path);
    return files.has(inside);
  }

  size(path: string): Promise<number> {
    const [files, inside] = this.#locate(path);
    return files.size(inside);
  }

  read(path: string, begin: number, end: number, signal?: CancelSignal): Promise<Uint8Array<ArrayBuffer>> {
    const [files, inside] = this.#locate(path);
    return files.read(inside, begin, end, signal);
  }

  diskPath(path: string): string | undefined {
    const [files, inside] = this.#locate(path);
    return files.diskPath?.(inside);
  }

  async blob(path: string, onRead?: (sizeBytes: number) => void): Promise<object | undefined> {
    const [files, inside] = this.#locate(path);
    return files.blob?.(inside, onRead);
  }

  #locate(path: string): readonly [files: ModelFiles, path: string] {
    const slash = path.indexOf('/');
    const mounted = slash > 0 ? this.#folders.get(path.slice(0, slash)) : undefined;
    return mounted ? [mounted, path.slice(slash + 1)] : [this.#root, path];
  }
}
