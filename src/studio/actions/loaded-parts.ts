/** Which parts of models the engine's worker has read since it started, from what it tells while loading. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { LoadProgress } from '../../worker/protocol.ts';
import { sideNames } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';

export interface LoadedPart {
  /** 'text encoder', 'network', 'decoder' */
  readonly part: string;
  /** Weights as stored; they take as much memory, or twice that where float16 runs in float32. */
  readonly bytes: number;
}

/** By component folder: models of one lineage share them. */
export type LoadedParts = ReadonlyMap<string, LoadedPart>;

function folderOf(model: ModelDescriptor, part: string): string {
  const { text_encoder, unet, vae } = model.components;
  return part === 'network' ? unet : part === 'decoder' ? vae : text_encoder;
}

export function withLoaded(
  parts: LoadedParts,
  { model: id, part, loadedBytes, totalBytes }: LoadProgress,
  models: readonly ModelDescriptor[],
): LoadedParts {
  const model = models.find((candidate) => candidate.id === id);
  if (model === undefined || loadedBytes < totalBytes || totalBytes === 0) return parts;
  const folder = folderOf(model, part);
  return parts.has(folder) ? parts : new Map([...parts, [folder, { part, bytes: totalBytes }]]);
}

export interface LoadedPartsStore extends StoreApi<LoadedParts> {
  /** A part that no side of the studio loads. */
  told(progress: LoadProgress): void;
}

/** Follows the studio for as long as the page lives. */
export function followLoadedParts(studio: StudioStore): LoadedPartsStore {
  const store = createStore<LoadedParts>(() => new Map());
  const told = (progress: LoadProgress): void =>
    store.setState(withLoaded(store.getState(), progress, studio.getState().engine.models), true);
  studio.subscribe((state, before) => {
    if (state.engine.status === 'starting' && before.engine.status !== 'starting') {
      store.setState(new Map(), true);
    }
    for (const side of sideNames) {
      const { loading } = state.sides[side];
      if (loading !== null && loading !== before.sides[side].loading) told(loading);
    }
  });
  return { ...store, told };
}
