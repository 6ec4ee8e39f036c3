/** Parts of the engine, in a worker as in the app. */
import { expose } from 'comlink';
import { EngineError, type SerializedEngineError } from '../../src/engine/core/errors.ts';
import type { BackendReport } from '../../src/platform/ort/backend-report.ts';
import { type BackendWish, chooseRuntime } from '../../src/platform/ort/choose-runtime.ts';
import { ortAssets } from '../../src/platform/ort/ort-assets.ts';
import { workerThreads } from '../../src/platform/ort/worker-threads.ts';

const parts = {
  /** Opens a backend as the app does. */
  async start(wish: BackendWish): Promise<BackendReport | SerializedEngineError> {
    try {
      const chosen = await chooseRuntime(wish, {
        assets: ortAssets,
        threads: workerThreads(navigator.hardwareConcurrency, crossOriginIsolated),
        gpu: navigator.gpu,
        now: () => performance.now(),
      });
      return chosen.report;
    } catch (thrown) {
      return EngineError.from(thrown).toJSON();
    }
  },
};

export type EngineParts = typeof parts;

expose(parts);
