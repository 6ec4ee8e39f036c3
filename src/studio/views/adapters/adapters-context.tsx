/** Hands the reader's LoRA files and U-Nets to the views. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { AdapterActions, Adapters } from '../../actions/adapter-actions.ts';
import type { AdaptersState } from '../../state/adapters.ts';

const AdaptersContext = createContext<Adapters | null>(null);

export function AdaptersProvider({
  adapters,
  children,
}: {
  adapters: Adapters;
  children: ReactNode;
}): ReactNode {
  return <AdaptersContext value={adapters}>{children}</AdaptersContext>;
}

function useContextOfAdapters(): Adapters {
  const adapters = useContext(AdaptersContext);
  if (adapters === null) throw new Error('A view was used outside AdaptersProvider.');
  return adapters;
}

/** A part of the state; `select` must return the same value for the same state. */
export function useAdapters<Part>(select: (state: AdaptersState) => Part): Part {
  return useStore(useContextOfAdapters().store, select);
}

export function useAdapterActions(): AdapterActions {
  return useContextOfAdapters().actions;
}
