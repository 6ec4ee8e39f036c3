/** The gallery's state and its one reducer: pure, no storage, no React. */
import type { GalleryEntry } from './entry.ts';
import type { StorageEstimate } from './room.ts';
import type { GalleryFilter } from './search.ts';

/** What the reader should know: entries dropped for room, no room at all. */
export interface GalleryNotice {
  readonly failed: boolean;
  readonly title: string;
  readonly sentences: readonly string[];
}

export interface GalleryState {
  /** 'unavailable': this browser keeps nothing here (a private window, storage turned off). */
  readonly status: 'opening' | 'ready' | 'unavailable';
  /** Newest first. */
  readonly entries: readonly GalleryEntry[];
  readonly filter: GalleryFilter;
  readonly query: string;
  readonly selected: ReadonlySet<string>;
  /** What was deleted last and can still come back. */
  readonly removed: readonly GalleryEntry[];
  readonly storage: StorageEstimate | null;
  readonly notice: GalleryNotice | null;
}

export type GalleryAction =
  | { readonly type: 'opened'; readonly entries: readonly GalleryEntry[] }
  | { readonly type: 'unavailable' }
  | { readonly type: 'kept'; readonly entry: GalleryEntry; readonly dropped: readonly GalleryEntry[] }
  | { readonly type: 'starred'; readonly ids: ReadonlySet<string>; readonly starred: boolean }
  | { readonly type: 'removed'; readonly ids: ReadonlySet<string> }
  | { readonly type: 'removal-undone' }
  | { readonly type: 'removal-settled' }
  | { readonly type: 'filtered'; readonly filter: GalleryFilter }
  | { readonly type: 'searched'; readonly query: string }
  | { readonly type: 'selected'; readonly ids: ReadonlySet<string> }
  | { readonly type: 'storage-estimated'; readonly storage: StorageEstimate | null }
  | { readonly type: 'noticed'; readonly notice: GalleryNotice | null };

export const openingGallery: GalleryState = {
  status: 'opening',
  entries: [],
  filter: 'all',
  query: '',
  selected: new Set(),
  removed: [],
  storage: null,
  notice: null,
};

const newestFirst = (entries: readonly GalleryEntry[]): readonly GalleryEntry[] =>
  [...entries].sort((a, b) => b.keptAtMs - a.keptAtMs);

function without(entries: readonly GalleryEntry[], ids: ReadonlySet<string>): readonly GalleryEntry[] {
  return entries.filter(({ id }) => !ids.has(id));
}

/** A kept entry replaces its earlier self, and keeps its star. */
function keep(state: GalleryState, entry: GalleryEntry, dropped: readonly GalleryEntry[]): GalleryState {
  const gone = new Set([entry.id, ...dropped.map(({ id }) => id)]);
  return {
    ...state,
    entries: newestFirst([entry, ...without(state.entries, gone)]),
    selected: new Set([...state.selected].filter((id) => id === entry.id || !gone.has(id))),
  };
}

export function reduceGallery(state: GalleryState, action: GalleryAction): GalleryState {
  switch (action.type) {
    case 'opened':
      return { ...state, status: 'ready', entries: newestFirst(action.entries) };
    case 'unavailable':
      return { ...state, status: 'unavailable' };
    case 'kept':
      return keep(state, action.entry, action.dropped);
    case 'starred': {
      const entries = state.entries.map((entry) =>
        action.ids.has(entry.id) ? { ...entry, starred: action.starred } : entry,
      );
      return { ...state, entries };
    }
    case 'removed':
      return {
        ...state,
        entries: without(state.entries, action.ids),
        removed: state.entries.filter(({ id }) => action.ids.has(id)),
        selected: new Set([...state.selected].filter((id) => !action.ids.has(id))),
      };
    case 'removal-undone':
      return { ...state, entries: newestFirst([...state.entries, ...state.removed]), removed: [] };
    case 'removal-settled':
      return { ...state, removed: [] };
    case 'filtered':
      return { ...state, filter: action.filter };
    case 'searched':
      return { ...state, query: action.query };
    case 'selected':
      return { ...state, selected: action.ids };
    case 'storage-estimated':
      return { ...state, storage: action.storage };
    case 'noticed':
      return { ...state, notice: action.notice };
  }
}
