/** Models in the browser: the store's worker, the engine that opens them, the browser's word to keep them. */
import type { EngineClient, FolderClient } from '../../worker/protocol.ts';
import { createStoreClient } from '../../worker/store-client.ts';
import { createModelsStore, type ModelsStore } from '../state/models-store.ts';
import type { StudioStore } from '../state/store.ts';
import { createModelsActions, type ModelsActions } from './models-actions.ts';
import type { SettingsStorage } from './settings-storage.ts';

type ModelsEngine = EngineClient & FolderClient;

export interface BrowserModels {
  readonly store: ModelsStore;
  readonly actions: ModelsActions;
}

/** @param engine the present client; null before the engine is opened */
export function createBrowserModels(
  studio: StudioStore,
  engine: () => ModelsEngine | null,
  settings: SettingsStorage,
): BrowserModels {
  const store = createModelsStore();
  const actions = createModelsActions(store, {
    createStore: createStoreClient,
    prefersHalf: () => studio.getState().engine.report?.variant.dtype !== 'f32',
    async refreshEngine() {
      const { report } = studio.getState().engine;
      const models = await engine()?.models();
      if (report !== null && models) studio.dispatch({ type: 'engine-ready', report, models });
    },
    async addFolder(folder) {
      const client = engine();
      if (client === null) throw new Error('The engine has not started yet. Try again in a moment.');
      return client.addFolder(folder);
    },
    persist: () => navigator.storage.persist(),
    settings,
  });
  return { store, actions };
}
