/** Adding LoRA files and U-Nets, how strongly each side uses them, and taking them away. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AdapterFiles } from '../../worker/protocol.ts';
import {
  type AdaptersState,
  fullStrength,
  noAdapters,
  type PresentAdapter,
  refreshed,
  withStrength,
} from '../state/adapters.ts';
import type { DrawSettings } from '../state/settings.ts';
import type { SideName } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';
import { adapterBytes, adapterFiles } from './adapter-files.ts';
import type { LocalFiles } from './local-files.ts';
import { serializeError } from './serialize-error.ts';

export interface AdapterActions {
  /** Takes the files that are adapters, at full strength on both sides. Never rejects: the notice says what came of it. */
  add(files: readonly File[]): Promise<void>;
  changeStrength(side: SideName, id: string, strength: number): void;
  /** @param model what a U-Net was tuned from, a catalogue id */
  chooseOriginal(id: string, model: string): void;
  /** Both sides draw from the exact base again. */
  remove(id: string): void;
  closeNotice(): void;
}

export type AdaptersStore = Pick<StoreApi<AdaptersState>, 'getState' | 'getInitialState' | 'subscribe'>;

export interface Adapters {
  readonly store: AdaptersStore;
  readonly actions: AdapterActions;
}

export function createAdapters(
  studio: StudioStore,
  local: Pick<LocalFiles, 'addAdapter' | 'removeAdapter'>,
  /** Starts the engine if it isn't: its worker reads the files. */
  wake: () => Promise<void>,
): Adapters {
  const store = createStore<AdaptersState>(() => noAdapters);
  // What was said of a file is seen in the pictures from then on.
  studio.subscribe(({ run }, before) => {
    if (run !== null && before.run === null && store.getState().notice?.kind === 'added')
      store.setState({ notice: null });
  });

  /** Settings in which each side's list is made anew. */
  function change(listOf: (side: SideName) => DrawSettings['sides'][SideName]['adapters']): void {
    const { sides } = studio.getState().settings;
    const changed = { a: { ...sides.a, adapters: listOf('a') }, b: { ...sides.b, adapters: listOf('b') } };
    studio.dispatch({ type: 'settings-changed', change: { sides: changed } });
  }
  const sideOf = (side: SideName) => studio.getState().settings.sides[side];
  const setPresent = (present: readonly PresentAdapter[]): void => {
    store.setState({ present });
    change((side) => refreshed(sideOf(side), present));
  };

  async function addOne(files: AdapterFiles): Promise<string> {
    const { id, replaced, ...summary } = await local.addAdapter(files);
    const { present } = store.getState();
    if (present.some((adapter) => adapter.id === id)) return id;
    const added: PresentAdapter = { id, sizeBytes: adapterBytes(files), summary, original: null };
    setPresent([...present.filter((adapter) => adapter.id !== replaced), added]);
    change((side) => withStrength(sideOf(side), store.getState().present, id, fullStrength));
    return id;
  }

  return {
    store,
    actions: {
      async add(files) {
        const ids: string[] = [];
        for (const adapter of adapterFiles(files)) {
          try {
            await wake();
            ids.push(await addOne(adapter));
          } catch (thrown) {
            const error = serializeError(thrown);
            store.setState({ notice: { kind: 'failed', fileName: adapter.file.name, error } });
            return;
          }
        }
        if (ids.length > 0) store.setState({ notice: { kind: 'added', ids } });
      },
      changeStrength(side, id, strength) {
        const { present } = store.getState();
        change((name) =>
          name === side ? withStrength(sideOf(side), present, id, strength) : sideOf(name).adapters,
        );
      },
      chooseOriginal(id, model) {
        const { present } = store.getState();
        setPresent(present.map((adapter) => (adapter.id === id ? { ...adapter, original: model } : adapter)));
      },
      remove(id) {
        local.removeAdapter(id);
        setPresent(store.getState().present.filter((adapter) => adapter.id !== id));
      },
      closeNotice: () => store.setState({ notice: null }),
    },
  };
}
