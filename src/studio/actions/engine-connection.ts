/** Owns the worker's client: starts it, restarts it on another backend or after a failure, ends it. */
import type { BackendChoice, EngineClient, SerializedEngineError } from '../../worker/protocol.ts';
import type { Recovery } from '../state/recovery.ts';
import type { StudioStore } from '../state/store.ts';
import { alwaysSeen, type PageVisibility } from './page-visibility.ts';
import { serializeError } from './serialize-error.ts';

export interface EngineConnection {
  /** The client once its backend is chosen; rejects when none could be. */
  ready(): Promise<EngineClient>;
  /** Ends the worker, if any, and starts another. Never rejects: a failure is in the store. */
  restart(choice: BackendChoice): Promise<void>;
  /**
   * Starts another worker in place of one that failed, once the page is seen; nothing where that was done already.
   * @param failed the client whose run failed
   * @returns the present client; rejects when none could be started, which is in the store
   */
  recover(error: SerializedEngineError, failed: EngineClient): Promise<EngineClient>;
  dispose(): void;
}

export function createEngineConnection(
  store: StudioStore,
  createClient: () => EngineClient,
  visibility: PageVisibility = alwaysSeen,
): EngineConnection {
  let client: EngineClient | null = null;
  let started: Promise<EngineClient> = Promise.reject(new Error('The engine was not started.'));
  started.catch(() => {});

  async function start(choice: BackendChoice, recovery: Recovery | null = null): Promise<EngineClient> {
    client?.dispose();
    const starting = createClient();
    client = starting;
    store.dispatch({ type: 'engine-starting', choice, recovery });
    if (recovery !== null) await visibility.whenSeen();
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
    recover(error, failed) {
      if (failed === client) {
        const recovery = { error, whileHidden: visibility.isHidden() };
        started = start(store.getState().engine.choice, recovery);
        started.catch(() => {});
      }
      return started;
    },
    dispose() {
      client?.dispose();
      client = null;
    },
  };
}
