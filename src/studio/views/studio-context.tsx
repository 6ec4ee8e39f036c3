/** Hands store and actions to the views. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { StudioActions } from '../actions/studio-actions.ts';
import type { StudioStore } from '../state/store.ts';
import type { StudioAction, StudioState } from '../state/studio.ts';

interface Studio {
  readonly store: StudioStore;
  readonly actions: StudioActions;
}

const StudioContext = createContext<Studio | null>(null);

export function StudioProvider({ studio, children }: { studio: Studio; children: ReactNode }): ReactNode {
  return <StudioContext value={studio}>{children}</StudioContext>;
}

function useStudioContext(): Studio {
  const studio = useContext(StudioContext);
  if (studio === null) throw new Error('A view was used outside StudioProvider.');
  return studio;
}

/** A part of the state; `select` must return the same value for the same state. */
export function useStudio<Part>(select: (state: StudioState) => Part): Part {
  return useStore(useStudioContext().store, select);
}

/** For what follows the state at a pace of its own. */
export function useStudioStore(): StudioStore {
  return useStudioContext().store;
}

/** The state as it is when something happens, without following it. */
export function useStudioReader(): () => StudioState {
  return useStudioContext().store.getState;
}

export function useActions(): StudioActions {
  return useStudioContext().actions;
}

/** For view state that no action of the worker follows: hovering, closing a notice. */
export function useDispatch(): (action: StudioAction) => void {
  return useStudioContext().store.dispatch;
}
