/** Downloads that were begun before, or whose files are there: room, versions, and others that work beside them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import { patternBytes, safetensorsBytes, writeFolder } from '../../testing/hub-folder.ts';
import { type LocalHub, startLocalHub } from '../../testing/local-hub/local-hub.ts';
import { MemoryStorage } from '../../testing/memory-storage.ts';
import { parseModelSource } from '../hub/model-source.ts';
import { defaultTransport } from '../hub/transport.ts';
import type { DownloadProgress } from './download-progress.ts';
import type { Locks } from './locks.ts';
import { type ModelRequest, requestOfSource } from './model-request.ts';
import { ModelStore } from './model-store.ts';
import { ProcessLocks } from './process-locks.ts';
import { dataPath } from './stored-path.ts';

const root = mkdtempSync(join(tmpdir(), 'download-again-'));
const unet = 'unet/diffusion_pytorch_model.safetensors';
const vocabulary = 'tokenizer/vocab.json';
let hub: LocalHub;

const published = {
  'model_index.json': '{}',
  [vocabulary]: `{"words": "${'w'.repeat(1_200_000)}"}`,
  'tokenizer/merges.txt': '#version: 0.2\n',
  'scheduler/scheduler_config.json': '{}',
  'text_encoder/config.json': '{}',
  'text_encoder/model.safetensors': safetensorsBytes({ words: 100_000 }),
  'unet/config.json': '{"layers": 1}',
  [unet]: safetensorsBytes({ down: 1_000_000 }),
  'vae/config.json': '{}',
  'vae/diffusion_pytorch_model.safetensors': safetensorsBytes({ decoder: 100_000 }),
};
/** Of the whole model, about. */
const wholeBytes = 6_000_000;

beforeAll(async () => {
  hub = await startLocalHub({ repositories: { 'tiny/model': { folder: root } } });
});
afterAll(() => hub.close());
beforeEach(() => writeFolder(root, published));
afterEach(() => {
  hub.faults = undefined;
  hub.bytesPerSecond = undefined;
  rmSync(root, { recursive: true });
});

const transport = { ...defaultTransport, fetch, firstWaitMs: 5, attempts: 2 };
const access = () => ({ baseUrl: hub.url });
const whole = (storeAs: ModelRequest['storeAs'] = 'original', id = 'tiny/model') => ({
  ...requestOfSource(parseModelSource('tiny/model'), storeAs, 'full'),
  id,
});

function storeOver(storage: MemoryStorage, locks: Locks = new ProcessLocks()): ModelStore {
  const pace = { blockBytes: 131_072, window: 2, unhashedBlocks: 2, commitMs: 0 };
  return new ModelStore({ storage, locks, transport, pace, now: () => performance.now() });
}

async function pausedAfter(storage: MemoryStorage, share: number, request = whole()): Promise<void> {
  const abort = new AbortController();
  const onProgress = ({ receivedBytes, totalBytes }: DownloadProgress) => {
    if (totalBytes > 0 && receivedBytes > share * totalBytes) abort.abort();
  };
  const download = storeOver(storage).download(request, '', {
    access: access(),
    signal: abort.signal,
    onProgress,
  });
  await expect(download).rejects.toMatchObject({ code: 'aborted' });
}

describe('room', () => {
  it('that a paused download holds already is not asked for again', async () => {
    const capacityBytes = 1.3 * wholeBytes;
    const storage = new MemoryStorage({ capacityBytes });
    await pausedAfter(storage, 0.3);
    const plan = await storeOver(storage).plan(whole(), { access: access() });
    expect(plan.freeBytes).toBeLessThan(0.4 * wholeBytes);
    expect(plan.storeBytes).toBeGreaterThan(plan.freeBytes);
    expect(plan.roomBytes).toBeLessThan(plan.freeBytes);
    await storeOver(storage).download(whole(), '', { access: access() });
    expect((await storeOver(storage).list())[0]).toMatchObject({ complete: true });
  });

  it('is asked for in full where weights turn out to be float16 already', async () => {
    const halves = safetensorsBytes({ 'position.ids': 500_000 });
    writeFolder(root, { [unet]: halves });
    const storage = new MemoryStorage({ capacityBytes: 0.75 * wholeBytes });
    const plan = await storeOver(storage).plan(whole('float16'), { access: access() });
    expect(plan.roomBytes).toBeLessThan(plan.freeBytes);
    await expect(
      storeOver(storage).download(whole('float16'), '', { access: access() }),
    ).rejects.toMatchObject({
      code: 'storage-full',
      wanted: expect.stringMatching(/^[56]\d{6} bytes$/u),
    });
    // Nothing but headers was fetched, and no room is taken.
    expect((await storage.estimate()).usedBytes).toBeLessThan(10_000);
  });

  it('that another model has filled meanwhile is not given back', async () => {
    const locks = new ProcessLocks();
    const storage = new MemoryStorage({ capacityBytes: 2 * wholeBytes });
    const first = storeOver(storage, locks);
    const second = storeOver(storage, locks);
    const request = whole('original', 'first');
    const parts = request.parts.map((part) => ({
      ...part,
      components: part.components.filter(({ name }) => name !== 'unet'),
    }));
    // The second one holds room for all but its network, which turns out not to fit once the first one is done.
    const { open } = storage;
    storage.open = async (path) => {
      const file = await open.call(storage, path);
      if (path !== dataPath(`tiny--model/${unet}`)) return file;
      const truncate = async () => {
        await first.download({ ...request, parts }, '', { access: access() });
        throw new EngineError('storage-full', 'No more room.');
      };
      return { ...file, truncate };
    };
    await expect(
      second.download(whole('original', 'second'), '', { access: access() }),
    ).rejects.toMatchObject({
      code: 'storage-full',
    });
    storage.open = open;
    const [one] = (await first.list()).filter(({ request }) => request.id === 'first');
    expect(one).toMatchObject({ complete: true });
    expect(await storeOver(storage).check('first', { access: access() })).toBe(0);
  });
});

describe('versions', () => {
  it('are not mixed: a small file that changed since it came is told, and what was there stays', async () => {
    const storage = new MemoryStorage();
    await pausedAfter(storage, 0.5);
    writeFolder(root, { 'unet/config.json': '{"layers": 2}' });
    const again = storeOver(storage).download(whole(), '', { access: access() });
    await expect(again).rejects.toMatchObject({
      code: 'file-changed',
      message: expect.stringContaining('unet/config.json'),
    });
  });

  it('of a model that is here: asking for it after the hub moved on leaves it as it is', async () => {
    const storage = new MemoryStorage();
    await storeOver(storage).download(whole(), '', { access: access() });
    writeFolder(root, { [unet]: safetensorsBytes({ down: 1_000_001 }) });
    await expect(storeOver(storage).download(whole(), '', { access: access() })).rejects.toMatchObject({
      code: 'file-changed',
    });
    expect((await storeOver(storage).list())[0]).toMatchObject({ complete: true });
    expect(await storeOver(storage).check('tiny/model', { access: access() })).toBe(0);
  });
});

it("holds a vocabulary of more than a megabyte to the hub's hash of it", async () => {
  const storage = new MemoryStorage();
  hub.faults = ({ path, range }) =>
    path === vocabulary && range?.[1] !== 256 ? { kind: 'corrupt' } : undefined;
  await expect(storeOver(storage).download(whole(), '', { access: access() })).rejects.toMatchObject({
    code: 'file-malformed',
    message: expect.stringContaining(vocabulary),
    wanted: expect.stringMatching(/^blob [0-9a-f]{40}$/u),
  });
});

it('checks what was fetched anew under the same name again', async () => {
  const storage = new MemoryStorage();
  const store = storeOver(storage);
  await store.download(whole(), '', { access: access() });
  await store.check('tiny/model', { access: access() });
  await store.remove('tiny/model');
  writeFolder(root, { [unet]: patternBytes(10) });
  writeFolder(root, { [unet]: safetensorsBytes({ up: 1_000_000 }) });
  await store.download(whole(), '', { access: access() });
  const file = await storage.open(dataPath(`tiny--model/${unet}`));
  await file.write(Uint8Array.of(1, 2, 3), 500_000);
  await file.close();
  expect(await store.check('tiny/model', { access: access() })).toBe(1);
});
