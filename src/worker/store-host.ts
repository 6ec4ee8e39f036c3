/** The store's module worker: downloads go on here while the engine's worker computes. */
import { expose } from 'comlink';
import { openHttpFiles } from '../platform/hub/http-files.ts';
import { openBrowserStore } from './open-browser-store.ts';
import { outcomeOf } from './outcome.ts';
import type { StoreApi } from './store-api.ts';
import { openHashInWorker } from './store-hash.ts';
import type { DownloadProgress, WatchOptions } from './store-protocol.ts';
import { StoreService } from './store-service.ts';

let opened: Promise<StoreService> | undefined;

async function open(modelsRoot: string): Promise<StoreService> {
  const opened = await openBrowserStore(openHashInWorker);
  return new StoreService({ ...opened, openCatalogue: () => openHttpFiles({ root: modelsRoot }) });
}

const service = (): Promise<StoreService> => opened ?? Promise.reject(new Error('The store was not opened.'));
const calls = new Map<number, AbortController>();

/** Runs a call that can be stopped; its last progress arrives before its end. */
async function watched<Result>(
  id: number,
  onProgress: (progress: DownloadProgress) => void,
  work: (watch: WatchOptions) => Promise<Result>,
) {
  const abort = new AbortController();
  calls.set(id, abort);
  let told: unknown;
  const outcome = await outcomeOf(() =>
    work({
      signal: abort.signal,
      onProgress(progress) {
        told = onProgress(progress);
      },
    }),
  );
  calls.delete(id);
  await told;
  return outcome;
}

const host: StoreApi = {
  open(modelsRoot) {
    return outcomeOf(async () => {
      opened = open(modelsRoot);
      await opened;
    });
  },
  published: () => outcomeOf(async () => (await service()).published()),
  state: () => outcomeOf(async () => (await service()).state()),
  plan: (wanted, access) => outcomeOf(async () => (await service()).plan(wanted, access)),
  download: (id, wanted, licence, access, onProgress) =>
    watched(id, onProgress, async (watch) => (await service()).download(wanted, licence, access, watch)),
  check: (id, model, access, onProgress) =>
    watched(id, onProgress, async (watch) => (await service()).check(model, access, watch)),
  remove: (model) => outcomeOf(async () => (await service()).remove(model)),
  stop: (id) => calls.get(id)?.abort(),
};

expose(host);
