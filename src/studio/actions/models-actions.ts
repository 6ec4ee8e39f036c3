/** What the models dialog can do. Talks to the store's worker, and tells the engine when its models change. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { ChosenFolder } from '../../worker/protocol.ts';
import type { StoreClient, WantedModel, WatchOptions } from '../../worker/store-protocol.ts';
import type { ModelsState } from '../state/models.ts';
import { shownTerms } from '../state/models.ts';
import type { ModelsStore } from '../state/models-store.ts';
import { serializeError } from './serialize-error.ts';
import type { SettingsStorage } from './settings-storage.ts';

export interface ModelsWorld {
  readonly createStore: () => StoreClient;
  /** Whether float16 is what the engine computes in. */
  readonly prefersHalf: () => boolean;
  /** The engine asks anew which models there are. */
  readonly refreshEngine: () => Promise<void>;
  /** Starts the engine if it isn't: its worker opens the folders. */
  readonly wake: () => Promise<void>;
  readonly addFolder: (folder: ChosenFolder) => Promise<ModelDescriptor>;
  /** Asks the browser not to clear what is stored when room gets short. */
  readonly persist: () => Promise<boolean>;
  readonly settings: SettingsStorage;
}

export interface ModelsActions {
  /** @param id of a model of the catalogue whose terms are shown at once */
  open(id?: string): void;
  close(): void;
  want(wanted: WantedModel): void;
  wantTyped(text: string): void;
  /** Back to the list. */
  leave(): void;
  change(change: Partial<Pick<ModelsState, 'accepted' | 'half' | 'baseUrl' | 'token'>>): void;
  /** Of the model whose terms are shown; they must have been accepted. */
  download(): void;
  /** Goes on with a model whose terms were accepted before, or tries one again of which nothing is here. */
  resume(id: string): void;
  closeError(id: string): void;
  /** Ends a download, or a check. */
  pause(id: string): void;
  /** Looks at every byte of a model that is here, and fetches damaged blocks again. */
  check(id: string): void;
  /** Stops a download, if one is under way, and removes what is here of the model. */
  remove(id: string): void;
  /** Once it was chosen; null is none. Never rejects: the state says what came of it. */
  addFolder(choosing: Promise<ChosenFolder | null>): Promise<void>;
  dispose(): void;
}

const addressKey = 'instaflow-studio.hub';

export function createModelsActions(
  store: Pick<ModelsStore, 'getState' | 'dispatch'>,
  world: ModelsWorld,
): ModelsActions {
  let client: StoreClient | null = null;
  const running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();
  /** What was asked for in this visit, to try it again. */
  const asked = new Map<string, Parameters<typeof start>>();
  const worker = (): StoreClient => {
    client ??= world.createStore();
    return client;
  };
  const fail = (id: string, thrown: unknown): void =>
    store.dispatch({ type: 'failed', id, error: serializeError(thrown) });
  const access = () => ({ baseUrl: store.getState().baseUrl, token: store.getState().token });

  async function refresh(): Promise<void> {
    try {
      const { published } = store.getState();
      const [listed, { models: stored, storage }] = await Promise.all([
        published.length > 0 ? published : worker().published(),
        worker().state(),
      ]);
      store.dispatch({ type: 'told', published: listed, stored, storage });
    } catch (thrown) {
      fail('', thrown);
    }
  }

  async function plan(wanted: WantedModel): Promise<void> {
    store.dispatch({ type: 'wanted', wanted });
    try {
      store.dispatch({ type: 'planned', wanted, plan: await worker().plan(wanted, access()) });
    } catch (thrown) {
      if (store.getState().wanted === wanted) fail('', thrown);
    }
  }

  function start(id: string, title: string, wanted: WantedModel, licence: string): void {
    asked.set(id, [id, title, wanted, licence]);
    run(id, { title, checks: false }, async (watch) => {
      // A browser that refuses still stores; it may clear the models when the disk is full.
      await world.persist().catch(() => false);
      await worker().download(wanted, licence, access(), watch);
    });
  }

  /** One work at a time on a model, with progress. */
  function run(
    id: string,
    { title, checks }: { readonly title: string; readonly checks: boolean },
    work: (watch: WatchOptions) => Promise<void>,
  ): void {
    if (running.has(id)) return;
    const abort = new AbortController();
    store.dispatch({ type: 'download-started', id, title, checks });
    const ended = async (): Promise<void> => {
      try {
        await work({
          signal: abort.signal,
          onProgress: (progress) => store.dispatch({ type: 'download-told', id, progress }),
        });
        await world.refreshEngine();
        store.dispatch({ type: 'download-arrived', id });
      } catch (thrown) {
        if (!abort.signal.aborted) fail(id, thrown);
      } finally {
        running.delete(id);
        await refresh();
        store.dispatch({ type: 'download-ended', id });
      }
    };
    running.set(id, { abort, ended: ended() });
  }

  return {
    open(id) {
      store.dispatch({ type: 'opened', half: world.prefersHalf() });
      store.dispatch({ type: 'changed', change: { baseUrl: readAddress(world.settings) } });
      void refresh();
      if (id !== undefined) void plan({ kind: 'published', id, storeAs: storeAs(store.getState()) });
    },
    close: () => store.dispatch({ type: 'closed' }),
    want: (wanted) => void plan(wanted),
    wantTyped: (text) => void plan({ kind: 'typed', text, storeAs: storeAs(store.getState()) }),
    leave: () => store.dispatch({ type: 'not-wanted' }),
    change(change) {
      store.dispatch({ type: 'changed', change });
      if (change.baseUrl !== undefined) writeAddress(world.settings, change.baseUrl);
      const { wanted } = store.getState();
      if (change.half !== undefined && wanted !== null && wanted.kind !== 'known') {
        void plan({ ...wanted, storeAs: storeAs(store.getState()) });
      }
    },
    download() {
      const state = store.getState();
      const { wanted, plan: planned, accepted } = state;
      const terms = shownTerms(state);
      if (!wanted || !planned || !terms || !accepted) return;
      store.dispatch({ type: 'not-wanted' });
      start(
        planned.request.id,
        planned.request.title,
        { kind: 'known', request: planned.request },
        terms.licence,
      );
    },
    resume(id) {
      const stored = store.getState().stored.find(({ request }) => request.id === id);
      const before = asked.get(id);
      if (stored) {
        const { request, accepted } = stored;
        start(id, request.title, { kind: 'known', request }, accepted.licence);
      } else if (before) start(...before);
    },
    closeError: (id) => store.dispatch({ type: 'error-closed', id }),
    pause: (id) => running.get(id)?.abort.abort(),
    check(id) {
      const stored = store.getState().stored.find(({ request }) => request.id === id);
      if (!stored?.complete) return;
      run(id, { title: stored.request.title, checks: true }, async (watch) => {
        const mended = await worker().check(id, access(), watch);
        store.dispatch({ type: 'checked', id, mended });
      });
    },
    async remove(id) {
      const download = running.get(id);
      download?.abort.abort();
      await download?.ended;
      try {
        store.dispatch({ type: 'error-closed', id });
        await worker().remove(id);
        await world.refreshEngine();
      } catch (thrown) {
        fail(id, thrown);
      }
      await refresh();
    },
    async addFolder(choosing) {
      try {
        const folder = await choosing;
        if (folder === null) return;
        store.dispatch({ type: 'folder-chosen' });
        await world.wake();
        const { id } = await world.addFolder(folder);
        // What is told of the folder stands below the list, which must not push it out of sight.
        await Promise.all([world.refreshEngine(), refresh()]);
        store.dispatch({ type: 'folder-opened', folder: { id, title: folder.title } });
      } catch (thrown) {
        fail('', thrown);
      }
    },
    dispose() {
      for (const { abort } of running.values()) abort.abort();
      client?.dispose();
      client = null;
    },
  };
}

function storeAs({ half }: ModelsState): 'float16' | 'original' {
  return half ? 'float16' : 'original';
}

function readAddress(settings: SettingsStorage): string {
  try {
    return settings.getItem(addressKey) ?? '';
  } catch {
    return '';
  }
}

function writeAddress(settings: SettingsStorage, address: string): void {
  try {
    settings.setItem(addressKey, address);
  } catch {
    // A private window: the address holds for as long as the page is open.
  }
}
