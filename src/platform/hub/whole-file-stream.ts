/** A file from a server that knows no ranges: read once from its begin to its end. */

import type { RangeOptions } from './fetch-range.ts';
import { assertServed, fileChanged, PassingFailure } from './hub-errors.ts';
import type { RemoteFile } from './remote-file.ts';
import { type WatchedResponse, watchedFetch, withPatience } from './transport.ts';

interface Connection {
  readonly watched: WatchedResponse;
  readonly reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  /** Came, but wasn't asked for yet. */
  rest: Uint8Array<ArrayBuffer>;
  /** In the file, of the first byte of `rest`. */
  position: number;
}

/** Ranges must be asked for one after the other, from front to back. The caller ends it. */
export class WholeFileStream {
  readonly #file: RemoteFile;
  readonly #options: RangeOptions;
  #connection: Connection | undefined;

  constructor(file: RemoteFile, options: RangeOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** After a break the file comes again from its begin; what was read before is passed over. */
  async read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const { transport, signal, onBytes, allocate } = this.#options;
    const bytes = (await allocate?.(end - begin)) ?? new Uint8Array(end - begin);
    let filled = 0;
    await withPatience(this.#file.path, transport, signal, async () => {
      let connection: Connection | undefined;
      try {
        connection = this.#connection ?? (await this.#connect());
        this.#connection = connection;
        while (filled < bytes.length) {
          const piece = await nextPiece(connection, begin + filled, end);
          bytes.set(piece, filled);
          filled += piece.length;
          onBytes?.(piece.length);
        }
      } catch (thrown) {
        const failure = connection?.watched.failure(thrown) ?? thrown;
        this.end();
        throw failure;
      }
    });
    return bytes;
  }

  end(): void {
    this.#connection?.watched.end();
    this.#connection = undefined;
  }

  async #connect(): Promise<Connection> {
    const { transport, headers, signal } = this.#options;
    const watched = await watchedFetch(this.#file.url, transport, { headers, signal });
    try {
      assertServed(watched.response, this.#file.path);
      const length = watched.response.headers.get('content-length');
      if (length !== null && Number(length) !== this.#file.sizeBytes) {
        throw fileChanged(this.#file.path, `${length} bytes`, `${this.#file.sizeBytes} bytes`);
      }
    } catch (thrown) {
      watched.end();
      throw thrown;
    }
    return { watched, reader: watched.response.body!.getReader(), rest: new Uint8Array(0), position: 0 };
  }
}

/** The next bytes at `wanted`, at most up to `end`. @throws PassingFailure when the body ends before */
async function nextPiece(
  connection: Connection,
  wanted: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  for (;;) {
    const { rest, position } = connection;
    const from = Math.min(rest.length, wanted - position);
    const piece = rest.subarray(from, Math.min(rest.length, end - position));
    connection.rest = rest.subarray(from + piece.length);
    connection.position = position + from + piece.length;
    if (piece.length > 0) return piece;
    const { done, value } = await connection.reader.read();
    if (done) throw new PassingFailure('the connection ended early');
    connection.watched.alive();
    connection.rest = value;
  }
}
