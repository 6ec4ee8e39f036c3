/** What the engine's worker has loaded, as its latest draw tells. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DrawResult, LoadedPart } from '../../worker/protocol.ts';
import { sideNames } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';

/** By component folder, which models of one lineage share; one that is loaded for several sizes once, with their sum. */
export type LoadedParts = ReadonlyMap<string, LoadedPart>;

export function partsByFolder(loaded: readonly LoadedPart[]): LoadedParts {
  const parts = new Map<string, LoadedPart>();
  for (const part of loaded) {
    const sizeBytes = (parts.get(part.folder)?.sizeBytes ?? 0) + part.sizeBytes;
    parts.set(part.folder, { ...part, sizeBytes });
  }
  return parts;
}

export interface LoadedPartsStore extends StoreApi<LoadedParts> {
  /** A draw of which no side of the studio hears. */
  told(result: Pick<DrawResult, 'loaded'>): void;
}

/** Follows the studio for as long as the page lives. */
export function followLoadedParts(studio: StudioStore): LoadedPartsStore {
  const store = createStore<LoadedParts>(() => new Map());
  const told = ({ loaded }: Pick<DrawResult, 'loaded'>): void => store.setState(partsByFolder(loaded), true);
  studio.subscribe((state, before) => {
    if (state.engine.status === 'starting' && before.engine.status !== 'starting') {
      store.setState(new Map(), true);
    }
    for (const side of sideNames) {
      const { result } = state.sides[side];
      // Sides that are swapped have been drawn before.
      const isNew = sideNames.every((other) => before.sides[other].result !== result);
      if (result !== null && isNew) told(result);
    }
  });
  return { ...store, told };
}
