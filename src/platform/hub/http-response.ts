/** Bytes of an HTTP answer, piece by piece, with the answer held to what was asked. */
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';

export interface ReceiveOptions {
  readonly signal?: CancelSignal | undefined;
  /** Called after each piece. */
  readonly onPiece?: ((receivedBytes: number) => void) | undefined;
}

/**
 * Reads a body of known length.
 * @throws EngineError 'file-malformed' for another length, 'aborted' between pieces, 'out-of-memory'
 */
export async function receiveBytes(
  response: Response,
  path: string,
  sizeBytes: number,
  { signal, onPiece }: ReceiveOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = allocate(path, sizeBytes);
  const reader = response.body!.getReader();
  let received = 0;
  try {
    for (;;) {
      throwIfAborted(signal);
      const { done, value } = await reader.read();
      if (done) break;
      if (received + value.length > sizeBytes) throw wrongLength(path, `more than ${sizeBytes}`, sizeBytes);
      bytes.set(value, received);
      received += value.length;
      onPiece?.(received);
    }
  } catch (thrown) {
    await reader.cancel().catch(() => {});
    throw thrown instanceof EngineError ? thrown : unreachable(path, thrown);
  }
  if (received < sizeBytes) throw wrongLength(path, `${received}`, sizeBytes);
  return bytes;
}

/** @throws EngineError 'file-not-found' when the server can't be reached or has no such file */
export async function request(
  fetch: typeof globalThis.fetch,
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const response = await fetch(url, init).catch((thrown: unknown) => {
    throw unreachable(path, thrown);
  });
  // A page in place of a file is how single-page servers say "no such file".
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (response.ok && !isPage && response.body) return response;
  await response.body?.cancel();
  throw new EngineError('file-not-found', `The server has no ${path}.`, {
    subject: path,
    found: isPage ? 'a web page' : `status ${response.status}`,
    wanted: 'the file',
    remedy: 'Reload the page; if that does not help, the page was not built with its models.',
  });
}

function allocate(path: string, sizeBytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(sizeBytes);
  } catch (cause) {
    throw new EngineError('out-of-memory', `No room for ${sizeBytes} bytes of ${path}.`, {
      subject: path,
      found: `${sizeBytes} bytes`,
      remedy: 'Close other tabs, or choose a smaller model.',
      cause,
    });
  }
}

function unreachable(path: string, cause: unknown): EngineError {
  return new EngineError('file-not-found', `${path} could not be loaded: the server can't be reached.`, {
    subject: path,
    found: cause instanceof Error ? cause.message : String(cause),
    wanted: 'an answer',
    remedy: 'Check the connection and try again; what was loaded before still works.',
    cause,
  });
}

function wrongLength(path: string, found: string, wanted: number): EngineError {
  return new EngineError('file-malformed', `${path} has another length than the listing says.`, {
    subject: path,
    found: `${found} bytes`,
    wanted: `${wanted} bytes`,
    remedy: 'Reload the page: it was updated while it was open.',
  });
}
