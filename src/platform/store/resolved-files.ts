/** ModelFiles of a model as the hub has it, to look at small files before the large ones are fetched. */
import type { CancelSignal } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { readRemote } from '../hub/read-remote.ts';
import type { RemoteFile } from '../hub/remote-file.ts';
import { remoteOf } from './remote-of.ts';
import { type HubConnection, headersFor, type ResolvedFile } from './resolve-model.ts';

export class ResolvedFiles implements ModelFiles {
  readonly id: string;
  /** By path inside the repository. */
  readonly #files: ReadonlyMap<string, ResolvedFile>;
  readonly #connection: HubConnection;
  readonly #asked = new Map<string, Promise<RemoteFile>>();

  /** @param files of one repository */
  constructor(id: string, files: readonly ResolvedFile[], connection: HubConnection) {
    this.id = id;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#connection = connection;
  }

  async has(path: string): Promise<boolean> {
    return this.#files.has(path);
  }

  async size(path: string): Promise<number> {
    return this.#file(path).sizeBytes;
  }

  async read(
    path: string,
    begin: number,
    end: number,
    _signal?: CancelSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#file(path);
    const asking = this.#asked.get(path) ?? remoteOf(file, this.#connection);
    this.#asked.set(path, asking);
    const { transport, access, signal } = this.#connection;
    return readRemote(await asking, begin, end, { transport, signal, headers: headersFor(file.url, access) });
  }

  #file(path: string): ResolvedFile {
    const file = this.#files.get(path);
    if (file) return file;
    throw new EngineError('file-not-found', `${path} isn't in ${this.id}.`, {
      subject: path,
      found: 'no such file',
      wanted: 'a diffusers folder',
      remedy: 'Check the id or the address.',
    });
  }
}
