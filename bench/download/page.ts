/** Runs one variant after the other, as the bench asks from outside. */
import { wrap } from 'comlink';
import { EngineError } from '../../src/engine/core/errors.ts';
import { defaultPace } from '../../src/platform/store/download-pace.ts';
import { createStoreClient } from '../../src/worker/store-client.ts';
import type { BareFetch } from './bare-fetch-worker.ts';
import type { Job } from './variant.ts';

export interface DownloadBench {
  /** @returns milliseconds */
  run(job: Job): Promise<number>;
  /** Removes what was stored. */
  clear(model: string): Promise<void>;
}

declare global {
  interface Window {
    downloadBench: DownloadBench;
  }
}

const store = createStoreClient();
const bare = wrap<BareFetch>(
  new Worker(new URL('./bare-fetch-worker.ts', import.meta.url), { type: 'module', name: 'bare fetch' }),
);

async function work({ variant, hub, model, url, sizeBytes }: Job): Promise<void> {
  if (variant === 'original' || variant === 'float16') {
    const wanted = { kind: 'typed', text: model, storeAs: variant } as const;
    return store.download(wanted, 'terms', { baseUrl: hub }, {});
  }
  const { blockBytes, window } = defaultPace;
  const received = await (variant === 'one-stream'
    ? bare.oneStream(url)
    : bare.ranges(url, sizeBytes, blockBytes, window));
  if (received !== sizeBytes) throw new Error(`${received} bytes instead of ${sizeBytes}`);
}

window.downloadBench = {
  async run(job) {
    const began = performance.now();
    await work(job).catch((thrown: unknown) => {
      const { message, found } = EngineError.from(thrown);
      throw new Error(`${job.variant}: ${message} (${found})`);
    });
    return performance.now() - began;
  },
  clear: (id) => store.remove(id),
};
