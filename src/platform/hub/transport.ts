/** What every request to a hub needs: the network, patience, and ways to stop. */
import { throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import { PassingFailure, unreachable } from './hub-errors.ts';

export interface Wait {
  readonly path: string;
  readonly milliseconds: number;
  /** 'status 429', 'the connection broke' */
  readonly reason: string;
}

export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  /** Without a byte for this long, a connection counts as broken. */
  readonly stallMs: number;
  /** Failures in a row, without a byte in between, before a request is given up. */
  readonly attempts: number;
  /** Before the second attempt; doubles with each further one. */
  readonly firstWaitMs: number;
  /** Longer waits, asked for by the server, are an error that says so. */
  readonly longestWaitMs: number;
  readonly onWait?: ((wait: Wait) => void) | undefined;
}

export const defaultTransport: Omit<Transport, 'fetch'> = {
  stallMs: 30_000,
  attempts: 6,
  firstWaitMs: 500,
  longestWaitMs: 5 * 60_000,
};

/**
 * Runs `attempt` until it succeeds, giving up after `transport.attempts` failures without progress.
 * @param progressed whether bytes came since the last call: then the count begins anew
 * @throws EngineError 'network-failed' | 'aborted' | what `attempt` throws besides PassingFailure
 */
export async function withPatience<Result>(
  path: string,
  transport: Transport,
  signal: AbortSignal | undefined,
  attempt: () => Promise<Result>,
  progressed: () => boolean = () => false,
): Promise<Result> {
  let failures = 0;
  for (;;) {
    throwIfAborted(signal);
    try {
      return await attempt();
    } catch (thrown) {
      throwIfAborted(signal);
      if (!(thrown instanceof PassingFailure)) throw EngineError.from(thrown);
      failures = progressed() ? 1 : failures + 1;
      const { reason, retryAfterMs } = thrown;
      const milliseconds = retryAfterMs ?? backoff(failures, transport.firstWaitMs);
      if (failures >= transport.attempts) throw unreachable(path, `${reason}, ${failures} times`, thrown);
      if (milliseconds > transport.longestWaitMs) {
        throw unreachable(
          path,
          `${reason}; the hub asks to wait ${Math.ceil(milliseconds / 1000)} s`,
          thrown,
        );
      }
      transport.onWait?.({ path, milliseconds, reason });
      await pause(milliseconds, signal);
    }
  }
}

/** With jitter: many ranges that broke together must not come back together. */
function backoff(failures: number, firstWaitMs: number): number {
  return Math.min(firstWaitMs * 2 ** (failures - 1), 30_000) * (0.75 + Math.random() / 2);
}

/** @throws EngineError 'aborted' as soon as the signal fires */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new EngineError('aborted', 'Cancelled.'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** One request whose connection is cut when nothing comes for `stallMs`. Call `alive` for each piece of the body. */
export interface WatchedResponse {
  readonly response: Response;
  alive(): void;
  /** Ends the watch and, unless the body was read to its end, the connection. */
  end(): void;
  /** Turns what reading threw into PassingFailure or 'aborted'. */
  failure(thrown: unknown): Error;
}

/** @throws PassingFailure when no answer comes; EngineError 'aborted' */
export async function watchedFetch(
  url: string,
  { fetch, stallMs }: Transport,
  { headers, signal }: { readonly headers: Record<string, string>; readonly signal: AbortSignal | undefined },
): Promise<WatchedResponse> {
  const stop = new AbortController();
  let stalled = false;
  const onAbort = () => stop.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      stop.abort();
    }, stallMs);
  };
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
  };
  const failure = (thrown: unknown): Error => {
    if (signal?.aborted) return new EngineError('aborted', 'Cancelled.');
    if (thrown instanceof EngineError || thrown instanceof PassingFailure) return thrown;
    if (stalled) return new PassingFailure(`nothing came for ${Math.round(stallMs / 1000)} s`);
    return new PassingFailure(thrown instanceof Error ? connectionWords(thrown) : String(thrown));
  };
  alive();
  try {
    // 'no-store': gigabytes would push everything else out of the browser's cache.
    const response = await fetch(url, {
      headers,
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'omit',
    });
    return { response, alive, end, failure };
  } catch (thrown) {
    end();
    throw failure(thrown);
  }
}

function connectionWords(thrown: Error): string {
  return thrown.message === 'Failed to fetch'
    ? 'the hub could not be reached'
    : `the connection broke (${thrown.message})`;
}
