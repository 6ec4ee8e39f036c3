/** The gallery as the views use it: its store, and the actions that also write to the database. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GalleryChange, GalleryDatabase } from './database.ts';
import { type GalleryEntry, totalBytes } from './entry.ts';
import {
  type GalleryAction,
  type GalleryNotice,
  type GalleryState,
  openingGallery,
  reduceGallery,
} from './gallery-state.ts';
import { entriesToDrop, galleryBudget, type StorageEstimate } from './room.ts';

/** 'failed': the state's notice says why. 'unavailable': this browser keeps nothing here. */
export type KeepOutcome = 'kept' | 'failed' | 'unavailable';

export interface Gallery extends Pick<StoreApi<GalleryState>, 'getState' | 'subscribe' | 'getInitialState'> {
  dispatch(action: GalleryAction): void;
  /** Loads what is kept. Never rejects: a browser that keeps nothing is a state. */
  open(): Promise<void>;
  /** Keeps an entry, dropping the oldest without a star where room is short. Never rejects. */
  keep(entry: GalleryEntry): Promise<KeepOutcome>;
  star(ids: ReadonlySet<string>, starred: boolean): Promise<void>;
  /** Deletes; `undo` brings back what was deleted last. */
  remove(ids: ReadonlySet<string>): Promise<void>;
  undo(): Promise<void>;
}

export interface GalleryWorld {
  readonly openDatabase: () => Promise<GalleryDatabase>;
  /** null where the browser doesn't say. */
  readonly estimateStorage: () => Promise<StorageEstimate | null>;
  /** Asks that the browser doesn't clear this origin by itself. */
  readonly persist: () => Promise<void>;
}

const isQuotaError = (thrown: unknown): boolean =>
  thrown instanceof DOMException && thrown.name === 'QuotaExceededError';

const countText = (count: number): string => `${count} ${count === 1 ? 'entry' : 'entries'}`;

/** What a failed write means. */
function failureNotice(thrown: unknown): GalleryNotice {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return isQuotaError(thrown)
    ? {
        failed: true,
        title: 'Not kept in the gallery',
        sentences: ['This browser has no room left here. Delete pictures there, or save them as files.'],
      }
    : { failed: true, title: 'The gallery could not be written', sentences: [reason] };
}

export function createGallery({ openDatabase, estimateStorage, persist }: GalleryWorld): Gallery {
  const store = createStore<GalleryState>(() => openingGallery);
  const dispatch = (action: GalleryAction): void =>
    store.setState((state) => reduceGallery(state, action), true);
  let opened: Promise<GalleryDatabase> | undefined;
  const database = (): Promise<GalleryDatabase> => {
    opened ??= openDatabase();
    return opened;
  };
  let loading: Promise<void> | undefined;
  /** Writes in the order they were asked for: an undo must not overtake its removal. */
  let writes: Promise<unknown> = Promise.resolve();

  function write(change: GalleryChange): Promise<void> {
    const written = writes.catch(() => {}).then(async () => (await database()).write(change));
    writes = written;
    return written;
  }

  async function estimate(): Promise<StorageEstimate | null> {
    const storage = await estimateStorage().catch(() => null);
    dispatch({ type: 'storage-estimated', storage });
    return storage;
  }

  async function load(): Promise<void> {
    try {
      const entries = await (await database()).all();
      dispatch({ type: 'opened', entries });
      await estimate();
    } catch {
      dispatch({ type: 'unavailable' });
    }
  }

  let toldOfRoom = false;

  /**
   * Drops and puts in one transaction.
   * @throws DOMException where there is no room: nothing is dropped then
   */
  async function keepWithin(entry: GalleryEntry, budgetBytes: number): Promise<void> {
    const dropped = entriesToDrop(store.getState().entries, entry, budgetBytes);
    await write({ put: [entry], remove: dropped.map(({ id }) => id) });
    dispatch({ type: 'kept', entry, dropped });
    // Once a visit: in a full gallery every draw drops something.
    if (dropped.length === 0 || toldOfRoom) return;
    toldOfRoom = true;
    const title = `The oldest ${countText(dropped.length)} without a star made room`;
    dispatch({
      type: 'noticed',
      notice: { failed: false, title, sentences: ['Star what should stay in the gallery.'] },
    });
  }

  /** Says what a failed write means; what is on the screen stays. */
  function tellFailure(thrown: unknown): void {
    dispatch({ type: 'noticed', notice: failureNotice(thrown) });
  }

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    dispatch,
    open() {
      loading ??= load();
      return loading;
    },
    async keep(fresh) {
      await this.open();
      if (store.getState().status !== 'ready') return 'unavailable';
      const earlier = store.getState().entries.find(({ id }) => id === fresh.id);
      const entry = { ...fresh, starred: fresh.starred || (earlier?.starred ?? false) };
      try {
        await keepWithin(entry, galleryBudget(await estimate())).catch((thrown: unknown) => {
          if (!isQuotaError(thrown)) throw thrown;
          // The estimate was too hopeful: half of what is kept has to do.
          return keepWithin(entry, totalBytes(store.getState().entries) / 2);
        });
      } catch (thrown) {
        tellFailure(thrown);
        return 'failed';
      }
      await estimate();
      return 'kept';
    },
    async star(ids, starred) {
      dispatch({ type: 'starred', ids, starred });
      const changed = store.getState().entries.filter(({ id }) => ids.has(id));
      await write({ put: changed }).catch(tellFailure);
      if (starred) await persist().catch(() => {});
    },
    async remove(ids) {
      dispatch({ type: 'removed', ids });
      await write({ remove: [...ids] }).catch(tellFailure);
      await estimate();
    },
    async undo() {
      const { removed } = store.getState();
      dispatch({ type: 'removal-undone' });
      await write({ put: removed }).catch(tellFailure);
      await estimate();
    },
  };
}
