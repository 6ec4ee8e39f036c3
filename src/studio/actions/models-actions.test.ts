/** What the models dialog does, over a store that is played by hand. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import type {
  DownloadPlan,
  DownloadProgress,
  StoreClient,
  StoredModel,
  WantedModel,
  WatchOptions,
} from '../../worker/store-protocol.ts';
import { createModelsStore, type ModelsStore } from '../state/models-store.ts';
import { createModelsActions, type ModelsActions } from './models-actions.ts';

/** A call that ends when the test says so. */
interface Pending {
  readonly name: string;
  readonly given: readonly unknown[];
  readonly watch: WatchOptions;
  finish(value?: unknown): Promise<void>;
  fail(code: 'network-failed' | 'aborted' | 'storage-busy'): Promise<void>;
}

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
const request = { id: 'tiny/model', title: 'tiny/model', parts: [], storeAs: 'original' } as const;
const terms = { licence: 'mit', at: '' };
const model = (complete: boolean): StoredModel => ({
  request,
  complete,
  accepted: terms,
  sizeBytes: 100,
  receivedBytes: 40,
  storedBytes: 40,
  ownBytes: 40,
});

let pending: Pending[];
let models: StoredModel[];
let store: ModelsStore;
let actions: ModelsActions;
const refreshEngine = vi.fn(async () => {});
beforeEach(() => {
  pending = [];
  models = [];
  refreshEngine.mockClear();
  const call = <Value>(name: string, watch: WatchOptions, ...given: unknown[]) =>
    new Promise<Value>((resolve, reject) => {
      const after = async (work: () => void) => {
        work();
        await settle();
      };
      const fail = (code: Parameters<Pending['fail']>[0]) => after(() => reject(new EngineError(code, code)));
      const finish = (value?: unknown) => after(() => resolve(value as Value));
      pending.push({ name, given, watch, finish, fail });
      // As the worker does: once what has come is safe.
      watch.signal?.addEventListener('abort', () => setTimeout(() => void fail('aborted'), 1));
    });
  const client: StoreClient = {
    published: async () => [],
    state: async () => ({ models, storage: { usedBytes: 0, freeBytes: 1 } }),
    plan: (wanted, access) => call('plan', {}, wanted, access),
    download: (wanted, licence, access, watch) => call('download', watch, wanted, licence, access),
    check: (id, access, watch) => call('check', watch, id, access),
    remove: (id) => call('remove', {}, id),
    dispose: () => {},
  };
  store = createModelsStore();
  actions = createModelsActions(store, {
    createStore: () => client,
    prefersHalf: () => false,
    refreshEngine,
    wake: async () => {},
    addFolder: () => Promise.reject(new EngineError('file-not-found', 'no model_index.json')),
    persist: async () => true,
    settings: { getItem: () => null, setItem: () => {} },
  });
});

async function opened(...stored: StoredModel[]): Promise<void> {
  models = stored;
  actions.open();
  await settle();
}

const progress = (receivedBytes: number): DownloadProgress => ({
  phase: 'fetching',
  receivedBytes,
  resumedBytes: 0,
  totalBytes: 100,
});

describe('a download', () => {
  it('goes on with what was accepted before, tells, and brings the engine its model', async () => {
    await opened(model(false));
    actions.change({ token: 'hf_x' });
    actions.resume('tiny/model');
    await settle();
    expect(pending[0]).toMatchObject({
      name: 'download',
      given: [{ kind: 'known', request }, 'mit', { baseUrl: '', token: 'hf_x' }],
    });
    pending[0]!.watch.onProgress?.(progress(60));
    expect(store.getState().downloads['tiny/model']?.progress?.receivedBytes).toBe(60);
    models = [model(true)];
    await pending[0]!.finish();
    expect(refreshEngine).toHaveBeenCalledOnce();
    expect(store.getState().downloads).toEqual({});
    expect(store.getState().stored[0]?.complete).toBe(true);
  });

  it('is begun once, however often it is asked for', async () => {
    await opened(model(false));
    actions.resume('tiny/model');
    actions.resume('tiny/model');
    await settle();
    expect(pending).toHaveLength(1);
  });

  it('that is paused is no failure; one that breaks is told, until it is tried again', async () => {
    await opened(model(false));
    actions.resume('tiny/model');
    await settle();
    actions.pause('tiny/model');
    await settle();
    expect(store.getState()).toMatchObject({ downloads: {}, errors: {} });
    actions.resume('tiny/model');
    await settle();
    await pending[1]!.fail('network-failed');
    expect(store.getState().errors['tiny/model']).toMatchObject({ code: 'network-failed' });
    actions.resume('tiny/model');
    expect(store.getState().errors).toEqual({});
  });

  it('that is removed while it runs is ended first', async () => {
    await opened(model(false));
    actions.resume('tiny/model');
    await settle();
    actions.remove('tiny/model');
    expect(pending[0]!.watch.signal?.aborted).toBe(true);
    await settle();
    await settle();
    expect(pending.map(({ name }) => name)).toEqual(['download', 'remove']);
    models = [];
    await pending[1]!.finish();
    expect(store.getState()).toMatchObject({ stored: [], errors: {} });
  });

  it('that another tab holds can not be removed, which is told', async () => {
    await opened(model(true));
    actions.remove('tiny/model');
    await settle();
    await pending[0]!.fail('storage-busy');
    expect(store.getState().errors['tiny/model']).toMatchObject({ code: 'storage-busy' });
  });
});

describe('terms', () => {
  const typed = (text: string): WantedModel => ({ kind: 'typed', text, storeAs: 'original' });
  const planOf = (id: string) =>
    ({ request: { ...request, id }, licences: ['mit'] }) as unknown as DownloadPlan;

  it('are those of what was asked for last, whichever answer comes last', async () => {
    await opened();
    actions.want(typed('a/first'));
    actions.want(typed('b/second'));
    await pending[1]!.finish(planOf('b/second'));
    await pending[0]!.finish(planOf('a/first'));
    expect(store.getState().plan?.request.id).toBe('b/second');
    actions.want(typed('c/third'));
    actions.want(typed('d/fourth'));
    await pending[2]!.fail('network-failed');
    expect(store.getState().errors).toEqual({});
  });

  it('have to be accepted', async () => {
    await opened();
    actions.want(typed('a/first'));
    await pending[0]!.finish(planOf('a/first'));
    actions.download();
    await settle();
    expect(pending).toHaveLength(1);
    actions.change({ accepted: true });
    actions.download();
    await settle();
    expect(pending[1]).toMatchObject({ name: 'download' });
    expect(store.getState().wanted).toBeNull();
  });
});

describe('what nothing is here of', () => {
  it('is tried again as it was asked for, or dismissed', async () => {
    await opened();
    actions.want({ kind: 'typed', text: 'a/first', storeAs: 'original' });
    await pending[0]!.finish({ request: { ...request, id: 'a/first' }, licences: ['mit'] });
    actions.change({ accepted: true });
    actions.download();
    await settle();
    await pending[1]!.fail('network-failed');
    expect(store.getState().errors['a/first']).toMatchObject({ code: 'network-failed' });
    actions.resume('a/first');
    await settle();
    expect(pending[2]!.given).toEqual(pending[1]!.given);
    expect(store.getState().errors).toEqual({});
    await pending[2]!.fail('network-failed');
    actions.closeError('a/first');
    expect(store.getState().errors).toEqual({});
  });
});

describe('a check', () => {
  it('tells how many blocks it mended, and the engine opens its files anew', async () => {
    await opened(model(true));
    actions.check('tiny/model');
    await settle();
    expect(store.getState().downloads['tiny/model']).toMatchObject({ checks: true });
    await pending[0]!.finish(2);
    expect(store.getState()).toMatchObject({ downloads: {}, mended: { 'tiny/model': 2 } });
    expect(refreshEngine).toHaveBeenCalledOnce();
  });

  it('is made of what is here only, and can be stopped', async () => {
    await opened(model(false));
    actions.check('tiny/model');
    await settle();
    expect(pending).toEqual([]);
    await opened(model(true));
    actions.check('tiny/model');
    await settle();
    actions.pause('tiny/model');
    await settle();
    expect(store.getState()).toMatchObject({ downloads: {}, mended: {}, errors: {} });
  });
});

it('a folder that is none is told', async () => {
  await opened();
  await actions.addFolder(Promise.resolve({ title: 'x' } as never));
  expect(store.getState().errors['']).toMatchObject({ code: 'file-not-found' });
});
