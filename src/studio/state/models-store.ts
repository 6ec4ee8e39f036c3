/** The models' store: state, reducer and subscription, without React. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ModelsAction, type ModelsState, noModels, reduceModels } from './models.ts';

export interface ModelsStore extends StoreApi<ModelsState> {
  dispatch(action: ModelsAction): void;
}

export function createModelsStore(): ModelsStore {
  const store = createStore<ModelsState>(() => noModels);
  return { ...store, dispatch: (action) => store.setState((state) => reduceModels(state, action), true) };
}
