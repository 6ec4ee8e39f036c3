/** The engine's module worker: exposes an EngineService over comlink, carrying signals, events and errors. */
import { expose, transfer } from 'comlink';
import { chosenFiles, directoryHandleFiles } from '../platform/browser/folder-files.ts';
import { openHttpFiles } from '../platform/hub/http-files.ts';
import { chooseRuntime } from '../platform/ort/choose-runtime.ts';
import { ortAssets } from '../platform/ort/ort-assets.ts';
import { workerThreads } from '../platform/ort/worker-threads.ts';
import { loadClipTokenizer } from '../platform/tokenizer/clip-tokenizer.ts';
import { AddedAdapters } from './added-adapters.ts';
import { EngineService } from './engine-service.ts';
import { memoryOf, pictureMemory } from './event-memory.ts';
import type { HostApi } from './host-api.ts';
import { openBrowserStore } from './open-browser-store.ts';
import { outcomeOf } from './outcome.ts';
import { StoredModels } from './stored-models.ts';
import { holdLife } from './worker-life.ts';

// The page asks for the same lock, and has it once this worker is gone.
holdLife(navigator.locks, self.name);

const now = () => performance.now();

/** Told with `start`, before anything is read: the page knows where it lies, this script is one of many assets. */
let modelsRoot = '';

const stored = new StoredModels(openBrowserStore());
const adapters = new AddedAdapters();

const service = new EngineService({
  chooseRuntime: (choice) =>
    chooseRuntime(choice, {
      assets: ortAssets,
      threads: workerThreads(navigator.hardwareConcurrency, crossOriginIsolated),
      gpu: navigator.gpu,
      now,
    }),
  async openFiles() {
    const files = await openHttpFiles({ root: modelsRoot });
    // The embedded models are a few megabytes: once they are here, the page works without a network.
    files.prefetch(files.paths).catch(() => {});
    return files;
  },
  loadTokenizer: loadClipTokenizer,
  now,
  stored,
  adapters,
});

const draws = new Map<number, AbortController>();

const host: HostApi = {
  start(choice, root) {
    modelsRoot = root;
    return outcomeOf(() => service.start(choice));
  },
  models: () => outcomeOf(() => service.models()),
  addFolder: (key, { title, folder }) =>
    outcomeOf(() =>
      stored.addFolder(
        key,
        title,
        'getFileHandle' in folder ? directoryHandleFiles(title, folder) : chosenFiles(title, folder),
      ),
    ),
  addAdapter: (adapter) => outcomeOf(() => adapters.add(adapter)),
  countTokens: (model, prompt) => outcomeOf(() => service.countTokens(model, prompt)),
  async draw(id, request, onEvent) {
    const abort = new AbortController();
    draws.set(id, abort);
    // Events travel on a port of their own: the result must not overtake them.
    let told: unknown;
    const outcome = await outcomeOf(() =>
      service.draw(request, {
        signal: abort.signal,
        onEvent(event) {
          if (!abort.signal.aborted) told = onEvent(transfer(event, memoryOf(event)));
        },
      }),
    );
    draws.delete(id);
    await told;
    return outcome.ok ? transfer(outcome, [outcome.value.picture.rgba.buffer]) : outcome;
  },
  async decode(request) {
    const outcome = await outcomeOf(() => service.decode(request));
    return outcome.ok ? transfer(outcome, pictureMemory(outcome.value)) : outcome;
  },
  cancel: (id) => draws.get(id)?.abort(),
};

expose(host);
