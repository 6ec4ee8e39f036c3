/** The hash of a download on a thread of its own; bytes travel there and back without being copied. */
import { transfer, wrap } from 'comlink';
import { raceSignal } from 'race-signal';
import { EngineError } from '../engine/core/errors.ts';
import { type OpenHash, openHash } from '../platform/store/streaming-hash.ts';
import type { HashHost } from './store-hash-host.ts';

/** Hashed by the time a worker has started. */
const smallBytes = 8 * 1024 * 1024;

/** @throws EngineError 'internal' when the worker breaks */
export const openHashInWorker: OpenHash = async (state, sizeBytes) => {
  // Some browsers start no worker from a worker.
  if (sizeBytes <= smallBytes || typeof Worker === 'undefined') return openHash(state, sizeBytes);
  const worker = new Worker(new URL('./store-hash-host.ts', import.meta.url), {
    type: 'module',
    name: 'hash',
  });
  const host = wrap<HashHost>(worker);
  const gone = new AbortController();
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const found = event.message || 'its script could not be loaded';
    gone.abort(new EngineError('internal', 'Hashing stopped.', { found, remedy: 'Continue the download.' }));
  });
  const answer = <Value>(call: Promise<Value>): Promise<Value> => raceSignal(call, gone.signal);
  const close = () => worker.terminate();
  try {
    if (!(await answer(host.open(state, sizeBytes)))) {
      close();
      return undefined;
    }
  } catch (thrown) {
    close();
    throw thrown;
  }
  return {
    update: async (bytes) => answer(host.update(transfer(bytes, [bytes.buffer]))),
    save: () => answer(host.save()),
    digest: () => answer(host.digest()),
    close,
  };
};
