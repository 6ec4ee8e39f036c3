/** Models in the browser: the store's worker, the engine that opens them, the browser's word to keep them. */
import { createStoreClient } from '../../worker/store-client.ts';
import { createModelsStore, type ModelsStore } from '../state/models-store.ts';
import type { StudioStore } from '../state/store.ts';
import type { LocalFiles } from './local-files.ts';
import { createModelsActions, type ModelsActions } from './models-actions.ts';
import type { SettingsStorage } from './settings-storage.ts';

export interface BrowserModels {
  readonly store: ModelsStore;
  readonly actions: ModelsActions;
}

export function createBrowserModels(
  studio: StudioStore,
  local: Pick<LocalFiles, 'client' | 'addFolder'>,
  settings: SettingsStorage,
  wake: () => Promise<void>,
): BrowserModels {
  const store = createModelsStore();
  const actions = createModelsActions(store, {
    createStore: createStoreClient,
    prefersHalf: () => studio.getState().engine.report?.variant.dtype !== 'f32',
    async refreshEngine() {
      // An engine that is gone or not there yet asks for itself when it starts.
      const models = await local
        .client()
        ?.models()
        .catch(() => undefined);
      if (models) studio.dispatch({ type: 'models-told', models });
    },
    wake,
    addFolder: local.addFolder,
    persist: () => navigator.storage.persist(),
    settings,
  });
  return { store, actions };
}
