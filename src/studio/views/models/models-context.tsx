/** The models dialog's state and actions, for the dialog and for whoever opens it. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { ModelsActions } from '../../actions/models-actions.ts';
import type { ModelsState } from '../../state/models.ts';
import type { ModelsStore } from '../../state/models-store.ts';

interface Models {
  readonly store: ModelsStore;
  readonly actions: ModelsActions;
}

const ModelsContext = createContext<Models | null>(null);

export function ModelsProvider({ models, children }: { models: Models; children: ReactNode }): ReactNode {
  return <ModelsContext value={models}>{children}</ModelsContext>;
}

function useContextOfModels(): Models {
  const models = useContext(ModelsContext);
  if (models === null) throw new Error('A view was used outside ModelsProvider.');
  return models;
}

/** A part of the state; `select` must return the same value for the same state. */
export function useModels<Part>(select: (state: ModelsState) => Part): Part {
  return useStore(useContextOfModels().store, select);
}

/** `open(id)` shows the terms of a model of the catalogue, `open()` the list. */
export function useModelsActions(): ModelsActions {
  return useContextOfModels().actions;
}
