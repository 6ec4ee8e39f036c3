/** Ranges of a remote file, whole or not at all, over connections that may break. */
import { readBody } from './body-reader.ts';
import { normalEtag } from './entity-tag.ts';
import { assertServed, fileChanged, PassingFailure } from './hub-errors.ts';
import type { RemoteFile } from './remote-file.ts';
import { type Transport, watchedFetch, withPatience } from './transport.ts';

export interface RangeOptions {
  readonly transport: Transport;
  readonly headers: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that came, since the last call; negative when some had to be given back. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Memory for a piece of so many bytes, handed out with them; reading waits for it. Default: new memory. */
  readonly allocate?: ((sizeBytes: number) => Promise<Uint8Array<ArrayBuffer>>) | undefined;
}

type Piece = Uint8Array<ArrayBuffer>;

/**
 * The bytes [begin, end). After a break only what is missing is asked for again.
 * @throws EngineError 'network-failed' | 'access-denied' | 'file-not-found' | 'file-changed' | 'file-malformed' |
 *   'aborted'
 */
export function fetchRange(
  file: RemoteFile,
  begin: number,
  end: number,
  options: RangeOptions,
): Promise<Piece> {
  return fetchPieces(file, [begin, end], options)[0]!;
}

/**
 * Adjoining pieces by one request, each handed out as soon as it is whole.
 * @param cuts where the first begins, and where each ends
 * @returns one promise a piece; they reject as `fetchRange` does, from the first that isn't whole on
 */
export function fetchPieces(
  file: RemoteFile,
  cuts: readonly number[],
  options: RangeOptions,
): readonly Promise<Piece>[] {
  const settle: { resolve(piece: Piece): void; reject(thrown: unknown): void }[] = [];
  const pieces = cuts.slice(1).map(
    () =>
      new Promise<Piece>((resolve, reject) => {
        settle.push({ resolve, reject });
      }),
  );
  const onPiece = (i: number, piece: Piece) => settle[i]!.resolve(piece);
  receivePieces(file, cuts, options, onPiece).catch((thrown: unknown) => {
    for (const { reject } of settle) reject(thrown);
  });
  return pieces;
}

async function receivePieces(
  file: RemoteFile,
  cuts: readonly number[],
  { transport, headers, signal, onBytes, allocate = async (size) => new Uint8Array(size) }: RangeOptions,
  onPiece: (i: number, piece: Piece) => void,
): Promise<void> {
  const end = cuts.at(-1)!;
  let at = cuts[0]!;
  let atBefore = at;
  let i = 0;
  let piece: Piece | undefined;
  /** Fills pieces one after the other. */
  const take = async (bytes: Uint8Array) => {
    for (let used = 0; used < bytes.length; ) {
      piece ??= await allocate(cuts[i + 1]! - cuts[i]!);
      const part = bytes.subarray(used, used + cuts[i + 1]! - at);
      piece.set(part, at - cuts[i]!);
      used += part.length;
      at += part.length;
      if (at < cuts[i + 1]!) return;
      onPiece(i, piece);
      piece = undefined;
      i += 1;
    }
  };
  const attempt = async () => {
    if (at === end) return;
    const range = `bytes=${at}-${end - 1}`;
    const watched = await watchedFetch(file.url, transport, { headers: { ...headers, range }, signal });
    const { response } = watched;
    try {
      assertServed(response, file.path);
      assertSameFile(response, file, at);
      const reader = readBody(response.body!);
      for (let bytes = await reader.read(); bytes; bytes = await reader.read()) {
        watched.alive();
        if (at + bytes.length > end) {
          throw fileChanged(file.path, 'more bytes than asked for', `${end - cuts[0]!} bytes`);
        }
        await take(bytes);
        onBytes?.(bytes.length);
      }
      if (at < end) throw new PassingFailure('the connection ended early');
    } catch (thrown) {
      throw watched.failure(thrown);
    } finally {
      watched.end();
    }
  };
  try {
    await withPatience(file.path, transport, signal, attempt, () => {
      const progressed = at > atBefore;
      atBefore = at;
      return progressed;
    });
  } catch (thrown) {
    // What was handed out stays; the piece begun is lost.
    onBytes?.(cuts[i]! - at);
    throw thrown;
  }
}

/** @throws EngineError 'file-changed' */
function assertSameFile(response: Response, file: RemoteFile, begin: number): void {
  const etag = normalEtag(response.headers.get('etag'));
  if (etag !== undefined && file.etag !== undefined && etag !== file.etag) {
    throw fileChanged(file.path, `ETag ${etag}`, `ETag ${file.etag}`);
  }
  if (response.status !== 206) {
    throw fileChanged(file.path, `status ${response.status} for a range`, 'status 206');
  }
  // Not every mirror lets a page read it; the number of bytes is counted in any case.
  const contentRange = /^bytes (\d+)-\d+\/(\d+|\*)$/u.exec(response.headers.get('content-range') ?? '');
  if (!contentRange) return;
  if (Number(contentRange[1]) !== begin) {
    throw fileChanged(file.path, `bytes from ${contentRange[1]}`, `bytes from ${begin}`);
  }
  if (contentRange[2] !== '*' && Number(contentRange[2]) !== file.sizeBytes) {
    throw fileChanged(file.path, `${contentRange[2]} bytes`, `${file.sizeBytes} bytes`);
  }
}
