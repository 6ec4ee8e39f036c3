/** Owns the worker's client: starts it, restarts it on another backend, ends it. */
import type { BackendChoice, EngineClient } from '../../worker/protocol.ts';
import type { StudioStore } from '../state/store.ts';
import { serializeError } from './serialize-error.ts';

export interface EngineConnection {
  /** The client once its backend is chosen; rejects when none could be. */
  ready(): Promise<EngineClient>;
  /** Ends the worker, if any, and starts another. Never rejects: a failure is in the store. */
  restart(choice: BackendChoice): Promise<void>;
  dispose(): void;
}

export function createEngineConnection(
  store: StudioStore,
  createClient: () => EngineClient,
): EngineConnection {
  let client: EngineClient | null = null;
  let started: Promise<EngineClient> = Promise.reject(new Error('The engine was not started.'));
  started.catch(() => {});

  async function start(choice: BackendChoice): Promise<EngineClient> {
    client?.dispose();
    const starting = createClient();
    client = starting;
    store.dispatch({ type: 'engine-starting', choice });
    try {
      const report = await starting.start(choice);
      const models = await starting.models();
      if (client === starting) store.dispatch({ type: 'engine-ready', report, models });
    } catch (thrown) {
      if (client === starting) store.dispatch({ type: 'engine-failed', error: serializeError(thrown) });
      throw thrown;
    }
    return starting;
  }

  return {
    ready: () => started,
    async restart(choice) {
      started = start(choice);
      await started.catch(() => {});
    },
    dispose() {
      client?.dispose();
      client = null;
    },
  };
}
