/** The store: state, reducer and subscription, without React. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { reduceStudio, type StudioAction, type StudioState } from './studio.ts';

export interface StudioStore extends StoreApi<StudioState> {
  dispatch(action: StudioAction): void;
}

export function createStudioStore(initial: StudioState): StudioStore {
  const store = createStore<StudioState>(() => initial);
  return { ...store, dispatch: (action) => store.setState((state) => reduceStudio(state, action), true) };
}
