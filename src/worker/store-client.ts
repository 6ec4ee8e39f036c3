/** The page's side of the store: a StoreClient over a module worker. */
import { proxy, wrap } from 'comlink';
import { raceSignal } from 'race-signal';
import { EngineError } from '../engine/core/errors.ts';
import { type Outcome, unwrap } from './outcome.ts';
import type { StoreApi } from './store-api.ts';
import type { StoreClient, WatchOptions } from './store-protocol.ts';

/** Starts a worker. The caller disposes the client. @param modelsRoot address with a slash at the end */
export function createStoreClient(
  modelsRoot: string = new URL('models/', document.baseURI).href,
): StoreClient {
  const worker = new Worker(new URL('./store-host.ts', import.meta.url), { type: 'module', name: 'store' });
  return connectStore(worker, modelsRoot);
}

/** Calls reject with 'internal' when the worker breaks, and with 'aborted' when the client is disposed. */
function connectStore(worker: Worker, modelsRoot: string): StoreClient {
  const host = wrap<StoreApi>(worker);
  const gone = new AbortController();
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const found = event.message || 'its script could not be loaded';
    gone.abort(new EngineError('internal', 'The store stopped.', { found, remedy: 'Reload the page.' }));
  });
  const answer = async <Value>(call: Promise<Outcome<Value>>): Promise<Value> =>
    unwrap(await raceSignal(call, gone.signal));
  const opened = answer(host.open(modelsRoot));
  opened.catch(() => {});
  let calls = 0;

  /** A stopped call ends when the worker has put away what came: not at once, like a draw. */
  async function watched<Value>(
    { signal, onProgress }: WatchOptions,
    call: (id: number, tell: NonNullable<WatchOptions['onProgress']>) => Promise<Outcome<Value>>,
  ): Promise<Value> {
    await opened;
    if (signal?.aborted) throw new EngineError('aborted', 'Cancelled.');
    calls += 1;
    const id = calls;
    const stop = () => void host.stop(id);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await answer(
        call(
          id,
          proxy((progress) => onProgress?.(progress)),
        ),
      );
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  return {
    published: async () => {
      await opened;
      return answer(host.published());
    },
    state: async () => {
      await opened;
      return answer(host.state());
    },
    plan: async (wanted, access) => {
      await opened;
      return answer(host.plan(wanted, access));
    },
    download: (wanted, licence, access, options) =>
      watched(options, (id, tell) => host.download(id, wanted, licence, access, tell)),
    check: (id, access, options) => watched(options, (call, tell) => host.check(call, id, access, tell)),
    remove: async (id) => {
      await opened;
      return answer(host.remove(id));
    },
    dispose() {
      gone.abort(new EngineError('aborted', 'The store was closed.'));
      worker.terminate();
    },
  };
}
