/** Has the service worker keep what the shown pair needs, once a pair was drawn: then the network is free. */
import type { KeepOfflineAnswer, KeepOfflineRequest } from '../service-worker/messages.ts';
import { sideNames } from '../studio/state/side.ts';
import { modelOfSide } from '../studio/state/side-models.ts';
import type { StudioStore } from '../studio/state/store.ts';
import type { StudioState } from '../studio/state/studio.ts';
import { activeServiceWorker } from './isolation.ts';

/** Rest of the page's own start: the pair is on the screen, its times are measured. */
const pauseMs = 2000;

/** Component folders of both sides' models. */
function foldersOf(state: StudioState): readonly string[] {
  const folders = sideNames.flatMap((side) => Object.values(modelOfSide(state, side)?.components ?? {}));
  return [...new Set(folders.filter((folder): folder is string => typeof folder === 'string'))];
}

function ask(worker: ServiceWorker, request: KeepOfflineRequest): Promise<KeepOfflineAnswer> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<KeepOfflineAnswer>) => resolve(data);
    worker.postMessage(request, [port2]);
  });
}

const pairIsDone = ({ run, sides: { a, b } }: StudioState): boolean =>
  run === null && a.status === 'done' && b.status === 'done';

/** Asks once a page, after the first pair. `document.documentElement.dataset.offline` tells what came of it. */
export function keepForOffline(store: StudioStore): void {
  const stop = store.subscribe((state) => {
    if (!pairIsDone(state)) return;
    stop();
    setTimeout(() => void keep(), pauseMs);
  });

  async function keep(): Promise<void> {
    const worker = await activeServiceWorker();
    if (worker === null) return;
    const answer = await ask(worker, { kind: 'keep-offline', folders: foldersOf(store.getState()) });
    document.documentElement.dataset.offline = answer.ok ? 'ready' : 'failed';
  }
}
