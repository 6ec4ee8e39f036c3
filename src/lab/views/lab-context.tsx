/** Hands the laboratory to its views. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { LabActions } from '../actions/lab-actions.ts';
import type { Playback } from '../actions/playback.ts';
import type { Laboratory } from '../state/laboratory.ts';

interface Lab {
  readonly store: StoreApi<Laboratory>;
  readonly actions: LabActions;
  readonly playback: Playback;
}

const LabContext = createContext<Lab | null>(null);

export function LabProvider({ lab, children }: { lab: Lab; children: ReactNode }): ReactNode {
  return <LabContext value={lab}>{children}</LabContext>;
}

function useLabContext(): Lab {
  const lab = useContext(LabContext);
  if (lab === null) throw new Error('A view was used outside LabProvider.');
  return lab;
}

/** A part of the state; `select` must return the same value for the same state. */
export function useLab<Part>(select: (lab: Laboratory) => Part): Part {
  return useStore(useLabContext().store, select);
}

export const useLabActions = (): LabActions => useLabContext().actions;
export const usePlayback = (): Playback => useLabContext().playback;

/** A value of the playback, at every frame that changes it. */
export function usePlaybackValue<Value>(read: (playback: Playback) => Value): Value {
  const playback = usePlayback();
  return useSyncExternalStore(playback.subscribe, () => read(playback));
}
