/** One range of a remote file, whole or not at all, over connections that may break. */
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
}

/**
 * The bytes [begin, end). After a break only what is missing is asked for again.
 * @throws EngineError 'network-failed' | 'access-denied' | 'file-not-found' | 'file-changed' | 'file-malformed' |
 *   'aborted'
 */
export async function fetchRange(
  file: RemoteFile,
  begin: number,
  end: number,
  { transport, headers, signal, onBytes }: RangeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - begin);
  let received = 0;
  let receivedBefore = 0;
  const attempt = async () => {
    if (received === bytes.length) return;
    const range = `bytes=${begin + received}-${end - 1}`;
    const watched = await watchedFetch(file.url, transport, { headers: { ...headers, range }, signal });
    const { response } = watched;
    try {
      assertServed(response, file.path);
      assertSameFile(response, file, begin + received);
      const reader = response.body!.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        watched.alive();
        if (received + value.length > bytes.length) {
          throw fileChanged(file.path, 'more bytes than asked for', `${bytes.length} bytes`);
        }
        bytes.set(value, received);
        received += value.length;
        onBytes?.(value.length);
      }
      if (received < bytes.length) throw new PassingFailure('the connection ended early');
    } catch (thrown) {
      throw watched.failure(thrown);
    } finally {
      watched.end();
    }
  };
  try {
    await withPatience(file.path, transport, signal, attempt, () => {
      const progressed = received > receivedBefore;
      receivedBefore = received;
      return progressed;
    });
  } catch (thrown) {
    onBytes?.(-received);
    throw thrown;
  }
  return bytes;
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
