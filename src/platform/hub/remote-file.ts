/** A file as the hub has it now: size, version, hash. Asked for before a download starts and before it goes on. */
import { normalEtag } from './entity-tag.ts';
import { assertServed, fileChanged, PassingFailure, pointerInstead } from './hub-errors.ts';
import type { ListedModelFile } from './model-listing.ts';
import { type Transport, watchedFetch, withPatience } from './transport.ts';

export interface RemoteFile {
  readonly path: string;
  readonly url: string;
  readonly sizeBytes: number;
  /** Without quotes; undefined when the server sends none that a page can read. */
  readonly etag: string | undefined;
  /** The hub's LFS hash: of the whole file, hexadecimal. */
  readonly sha256: string | undefined;
  /** Git's name of the blob, for small files: SHA-1 of 'blob <size>\0' and the bytes. */
  readonly gitBlobId: string | undefined;
  /** false: the server answers with the whole file whatever is asked for. */
  readonly takesRanges: boolean;
}

export interface ProbeOptions {
  readonly transport: Transport;
  readonly headers: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
  /** What the hub's listing says of it, where there is one. */
  readonly listed?: ListedModelFile | undefined;
}

/** Enough to tell weights from an LFS pointer. */
const probedBytes = 256;
const sha256Name = /^[0-9a-f]{64}$/u;
const sha1Name = /^[0-9a-f]{40}$/u;

/**
 * @throws EngineError 'network-failed' | 'access-denied' | 'file-not-found' | 'file-malformed' for HTML and LFS
 *   pointers | 'file-changed' when the listing contradicts the file | 'aborted'
 */
export async function probeRemoteFile(
  url: string,
  path: string,
  { transport, headers, signal, listed }: ProbeOptions,
): Promise<RemoteFile> {
  return withPatience(path, transport, signal, async () => {
    const range = `bytes=0-${probedBytes - 1}`;
    const watched = await watchedFetch(url, transport, { headers: { ...headers, range }, signal });
    const { response } = watched;
    try {
      const emptySize = response.status === 416 ? totalOf(response) : undefined;
      if (emptySize !== 0) assertServed(response, path);
      const start = emptySize === 0 ? new Uint8Array(0) : await readStart(response);
      if (isPointer(start)) throw pointerInstead(path);
      const sizeBytes = emptySize ?? sizeOf(response) ?? listed?.sizeBytes;
      if (sizeBytes === undefined) throw new PassingFailure('an answer without a length');
      if (listed && listed.sizeBytes !== sizeBytes) {
        throw fileChanged(path, `${sizeBytes} bytes`, `${listed.sizeBytes} bytes, as listed`);
      }
      const etag = normalEtag(response.headers.get('etag'));
      const linked = normalEtag(response.headers.get('x-linked-etag'));
      const sha256 = listed?.sha256 ?? (linked && sha256Name.test(linked) ? linked : undefined);
      const named = listed?.gitBlobId ?? (etag && sha1Name.test(etag) ? etag : undefined);
      return {
        path,
        url,
        sizeBytes,
        etag,
        sha256,
        gitBlobId: sha256 === undefined ? named : undefined,
        takesRanges: response.status !== 200,
      };
    } catch (thrown) {
      throw watched.failure(thrown);
    } finally {
      watched.end();
    }
  });
}

/** At most `probedBytes`, however much the server sends. */
async function readStart(response: Response): Promise<Uint8Array> {
  const reader = response.body!.getReader();
  const pieces: number[] = [];
  while (pieces.length < probedBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(...value.subarray(0, probedBytes - pieces.length));
  }
  return Uint8Array.from(pieces);
}

function isPointer(start: Uint8Array): boolean {
  return new TextDecoder().decode(start).startsWith('version https://git-lfs.github.com/spec/');
}

function sizeOf(response: Response): number | undefined {
  if (response.status === 206) return totalOf(response) ?? numberOf(response.headers.get('x-linked-size'));
  return numberOf(response.headers.get('content-length'));
}

/** The total of 'bytes 0-255/1234' and of 'bytes *\/1234'. */
function totalOf(response: Response): number | undefined {
  return numberOf(/\/(\d+)$/u.exec(response.headers.get('content-range') ?? '')?.[1] ?? null);
}

function numberOf(text: string | null): number | undefined {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
