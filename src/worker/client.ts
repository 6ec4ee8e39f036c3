/** The page's side of the engine: an EngineClient over a module worker. */
import { proxy, type Remote, wrap } from 'comlink';
import { raceSignal } from 'race-signal';
import { EngineError } from '../engine/core/errors.ts';
import type { HostApi } from './host-api.ts';
import { type Outcome, unwrap } from './outcome.ts';
import type { DrawEvent, EngineClient, LocalFilesClient } from './protocol.ts';
import { endOfLife } from './worker-life.ts';

/**
 * Starts a worker. The caller disposes the client.
 * @param modelsRoot address of the models' root, with a slash at the end; missing = `models/` beside this page
 */
export function createEngineClient(
  modelsRoot: string = new URL('models/', document.baseURI).href,
): EngineClient & LocalFilesClient {
  const name = navigator.locks ? `engine ${crypto.randomUUID()}` : 'engine';
  const worker = new Worker(new URL('./host.ts', import.meta.url), { type: 'module', name });
  return connectEngine(worker, modelsRoot, (signal) => endOfLife(navigator.locks, name, signal));
}

/**
 * An EngineClient over a worker that exposes a HostApi. Calls reject with 'worker-lost' when the worker breaks and
 * with 'aborted' when the client is disposed: no call waits for a worker that is gone.
 * @param ended resolves when the worker has ended without a word; asked once the worker has answered
 */
export function connectEngine(
  worker: Worker,
  modelsRoot: string,
  ended: (signal: AbortSignal) => Promise<void> = () => new Promise(() => {}),
): EngineClient & LocalFilesClient {
  const host: Remote<HostApi> = wrap<HostApi>(worker);
  const gone = new AbortController();
  let draws = 0;

  const lose = (found: string): void =>
    gone.abort(
      new EngineError('worker-lost', 'The engine stopped.', {
        found,
        remedy: 'Start the engine again, or reload the page.',
      }),
    );
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    lose(event.message || 'its script could not be loaded');
  });

  /** The worker's answer, unless the worker is gone or `signal` fires before it comes. */
  async function answer<Value>(call: Promise<Outcome<Value>>, signal?: AbortSignal): Promise<Value> {
    const alive = raceSignal(call, gone.signal);
    return unwrap(await raceSignal(alive, signal, { translateError: cancelled }));
  }

  return {
    async start(choice) {
      const report = await answer(host.start(choice, modelsRoot));
      void ended(gone.signal).then(() => lose('the browser ended its worker'));
      return report;
    },
    models: () => answer(host.models()),
    addFolder: (key, folder) => answer(host.addFolder(key, folder)),
    addAdapter: (adapter) => answer(host.addAdapter(adapter)),
    countTokens: (model, prompt) => answer(host.countTokens(model, prompt)),
    decode: (request) => answer(host.decode(request)),
    async draw(request, { onEvent, signal }) {
      if (signal?.aborted) throw cancelled();
      draws += 1;
      const id = draws;
      const ended = new AbortController();
      const tell = (event: DrawEvent) => {
        if (!ended.signal.aborted) onEvent?.(event);
      };
      const onAbort = () => void host.cancel(id);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await answer(host.draw(id, request, proxy(tell)), signal);
      } finally {
        ended.abort();
        signal?.removeEventListener('abort', onAbort);
      }
    },
    dispose() {
      gone.abort(new EngineError('aborted', 'The engine was ended.'));
      worker.terminate();
    },
  };
}

function cancelled(): EngineError {
  return new EngineError('aborted', 'Cancelled.');
}
