/** Hands the gallery and the opening of pictures to the views. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { Gallery } from '../gallery/gallery.ts';
import type { GalleryState } from '../gallery/gallery-state.ts';
import type { Restored, Restoring } from '../share/restoring.ts';

interface Keep {
  readonly gallery: Gallery;
  readonly restoring: Restoring;
}

const KeepContext = createContext<Keep | null>(null);

export function KeepProvider({ keep, children }: { keep: Keep; children: ReactNode }): ReactNode {
  return <KeepContext value={keep}>{children}</KeepContext>;
}

function useKeep(): Keep {
  const keep = useContext(KeepContext);
  if (keep === null) throw new Error('A view was used outside KeepProvider.');
  return keep;
}

export const useGallery = (): Gallery => useKeep().gallery;

/** A part of the gallery's state; `select` must return the same value for the same state. */
export function useGalleryState<Part>(select: (state: GalleryState) => Part): Part {
  return useStore(useGallery(), select);
}

export const useRestoring = (): Restoring => useKeep().restoring;

export const useRestored = (): Restored | null => useStore(useRestoring());
