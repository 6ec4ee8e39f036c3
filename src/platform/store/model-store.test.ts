import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/core/errors.ts';
import { patternBytes, safetensorsBytes, writeFolder } from '../../testing/hub-folder.ts';
import { type LocalHub, startLocalHub } from '../../testing/local-hub/local-hub.ts';
import { MemoryStorage } from '../../testing/memory-storage.ts';
import { parseModelSource } from '../hub/model-source.ts';
import type { PublishedModel } from '../hub/published-model.ts';
import { defaultTransport } from '../hub/transport.ts';
import type { DownloadProgress } from './download-progress.ts';
import { type ModelRequest, requestOfPublished, requestOfSource } from './model-request.ts';
import { ModelStore } from './model-store.ts';
import { ProcessLocks } from './process-locks.ts';
import { SnapshotFiles } from './snapshot-files.ts';
import { dataPath } from './stored-path.ts';

const root = mkdtempSync(join(tmpdir(), 'model-store-'));
const folder = join(root, 'repository');
const unet = 'unet/diffusion_pytorch_model.safetensors';
const encoder = 'text_encoder/model.safetensors';
const blockBytes = 8192;
let hub: LocalHub;

beforeAll(async () => {
  writeFolder(folder, {
    'model_index.json': '{"_class_name": "StableDiffusionPipeline"}',
    'tokenizer/vocab.json': '{"a": 0}',
    'tokenizer/merges.txt': '#version: 0.2\n',
    'scheduler/scheduler_config.json': '{}',
    'text_encoder/config.json': '{}',
    [encoder]: safetensorsBytes({ words: 9_000 }),
    'unet/config.json': '{}',
    [unet]: safetensorsBytes({ down: 15_000, 'position.ids': 7, up: 9_001 }),
    'unet/diffusion_pytorch_model.bin': patternBytes(500),
    'text_encoder/pytorch_model.bin': patternBytes(500),
    'vae/config.json': '{}',
    'vae/diffusion_pytorch_model.safetensors': safetensorsBytes({ decoder: 5_000 }),
    'safety_checker/model.safetensors': patternBytes(500),
    'README.md': 'A model.',
  });
  hub = await startLocalHub({
    repositories: {
      'tiny/model': { folder, licence: 'creativeml-openrail-m' },
      'tiny/other': { folder },
      'tiny/pickled': { folder, only: (path) => !path.endsWith('.safetensors') },
      'tiny/gated': { folder, gated: true },
    },
    tokens: ['hf_good'],
  });
});
afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  hub.faults = undefined;
  hub.requests.length = 0;
});

const transport = { ...defaultTransport, fetch, firstWaitMs: 5, attempts: 3 };
const whole = (typed = 'tiny/model', storeAs: ModelRequest['storeAs'] = 'original') =>
  requestOfSource(parseModelSource(typed), storeAs, 'full');
const access = () => ({ baseUrl: hub.url });

function storeOver(storage: MemoryStorage, locks = new ProcessLocks()): ModelStore {
  const pace = { blockBytes: 4 * blockBytes, window: 3, unhashedBlocks: 2, commitMs: 0 };
  return new ModelStore({ storage, locks, transport, pace, now: () => performance.now() });
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function expectPublished(storage: MemoryStorage, path: string, source = 'tiny--model'): Promise<void> {
  const snapshot = await storage.snapshot(dataPath(`${source}/${path}`));
  expect(sha(await snapshot!.read(0, snapshot!.sizeBytes)), path).toBe(sha(readFileSync(join(folder, path))));
}

const weights = [unet, encoder, 'vae/diffusion_pytorch_model.safetensors'];
const cdnBytes = (from = 0) =>
  hub.requests
    .slice(from)
    .filter(({ origin, range }) => origin === 'cdn' && range?.[1] !== 256)
    .reduce((sum, { range }) => sum + range![1] - range![0], 0);

describe('ModelStore', () => {
  it('plans before it fetches: files that are needed, sizes, room, licence', async () => {
    const storage = new MemoryStorage({ capacityBytes: 1e6 });
    const plan = await storeOver(storage).plan(whole(), { access: access() });
    const needed = weights.reduce((sum, path) => sum + readFileSync(join(folder, path)).length, 0);
    expect(plan).toMatchObject({ fileCount: 10, freeBytes: 1e6, licences: ['creativeml-openrail-m'] });
    expect(plan.sizeBytes - needed).toBeGreaterThan(0);
    expect(plan.sizeBytes - needed).toBeLessThan(200);
    expect(hub.requests.map(({ path }) => path)).toEqual(['/api/models/tiny/model/revision/main']);
    const half = await storeOver(storage).plan(whole('tiny/model', 'float16'), { access: access() });
    expect(half.storeBytes / plan.storeBytes).toBeCloseTo(0.5, 2);
  });

  it('downloads, tells how far it is, lists, and reads without the hub', async () => {
    const storage = new MemoryStorage();
    const store = storeOver(storage);
    const told: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress) => told.push(progress);
    await store.download(whole(), 'OpenRAIL-M', { access: access(), onProgress });
    for (const path of weights) await expectPublished(storage, path);
    expect(told[0]!.phase).toBe('asking');
    expect(told.at(-1)).toMatchObject({ phase: 'done', receivedBytes: told.at(-1)!.totalBytes });
    const [model] = await store.list();
    expect(model).toMatchObject({ complete: true, accepted: { licence: 'OpenRAIL-M' } });
    expect(model!.ownBytes).toBe(model!.sizeBytes);
    // A new session, without a network.
    const offline = new ModelStore({
      storage: storage.afterDeath(),
      locks: new ProcessLocks(),
      transport: { ...transport, fetch: () => Promise.reject(new TypeError('Failed to fetch')) },
      now: () => performance.now(),
    });
    expect((await offline.list())[0]!.complete).toBe(true);
    expect(await offline.check('tiny/model', { access: access() })).toBe(0);
    const files = new SnapshotFiles('store', (path) => storage.snapshot(dataPath(path)));
    expect(await files.read('tiny--model/tokenizer/vocab.json', 0, 8)).toEqual(
      new TextEncoder().encode('{"a": 0}'),
    );
  });

  it('asks for the room before the first byte, and keeps what came when the room was used up meanwhile', async () => {
    const small = new MemoryStorage({ capacityBytes: 100_000 });
    await expect(storeOver(small).download(whole(), '', { access: access() })).rejects.toMatchObject({
      code: 'storage-full',
      found: '100000 bytes free',
    });
    expect(cdnBytes()).toBe(0);
    // The estimate is wrong: taking the room tells.
    const misjudged = new MemoryStorage({ capacityBytes: 100_000 });
    misjudged.estimate = async () => ({ usedBytes: 0, freeBytes: 1e9 });
    await expect(storeOver(misjudged).download(whole(), '', { access: access() })).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect(cdnBytes()).toBe(0);
    const left = await Promise.all((await misjudged.list('files')).map((path) => misjudged.snapshot(path)));
    expect(left.reduce((sum, file) => sum + file!.sizeBytes, 0)).toBe(0);
    let writes = 0;
    const shrinking = new MemoryStorage({
      refusesWrite(path) {
        writes += path.startsWith('files/') ? 1 : 0;
        if (writes > 20) throw new EngineError('storage-full', 'The disk is full.');
      },
    });
    await expect(storeOver(shrinking).download(whole(), '', { access: access() })).rejects.toMatchObject({
      code: 'storage-full',
    });
    const before = hub.requests.length;
    const larger = shrinking.afterDeath();
    await storeOver(larger).download(whole(), '', { access: access() });
    for (const path of weights) await expectPublished(larger, path);
    expect(cdnBytes(before)).toBeLessThan(plannedBytes());
  });

  it.each(['original', 'float16'] as const)(
    'killed at 20 random moments, stored as %s, it goes on each time to the right bytes',
    async (storeAs) => {
      const untouched = new MemoryStorage();
      const request = whole('tiny/model', storeAs);
      await storeOver(untouched).download(request, '', { access: access() });
      const random = seeded(storeAs.length);
      const allBytes = cdnBytes();
      let resumedBytes = 0;
      for (let death = 1; death <= 20; death++) {
        const killed = new MemoryStorage({
          diesAt: 1 + Math.floor(random() * (untouched.operations - 1)),
          random,
        });
        await expect(storeOver(killed).download(request, '', { access: access() })).rejects.toThrow();
        expect(killed.dead).toBe(true);
        const before = hub.requests.length;
        const next = killed.afterDeath();
        await storeOver(next).download(request, '', { access: access() });
        resumedBytes += cdnBytes(before);
        for (const path of weights) {
          const file = dataPath(`tiny--model/${path}`);
          const [found, wanted] = await Promise.all([next.snapshot(file), untouched.snapshot(file)]);
          expect(sha(await found!.read(0, found!.sizeBytes))).toBe(
            sha(await wanted!.read(0, wanted!.sizeBytes)),
          );
        }
        expect(await storeOver(next.afterDeath()).check('tiny/model', { access: access() })).toBe(0);
      }
      // On the average half of it was there: starting anew each time would take all of it 20 times.
      expect(resumedBytes / (20 * allBytes)).toBeLessThan(0.95);
    },
  );

  it('finds a changed byte before use and fetches only its block again; offline it says so', async () => {
    const storage = new MemoryStorage();
    await storeOver(storage).download(whole(), '', { access: access() });
    const open = await storage.open(dataPath(`tiny--model/${unet}`));
    const [byte] = await open.read(20_000, 20_001);
    await open.write(Uint8Array.of(byte! ^ 4), 20_000);
    await open.close();
    hub.faults = () => ({ kind: 'status', status: 503 });
    await expect(storeOver(storage).check('tiny/model', { access: access() })).rejects.toMatchObject({
      code: 'file-malformed',
      subject: `tiny--model/${unet}`,
      remedy: expect.stringContaining('only the damaged blocks'),
    });
    hub.faults = undefined;
    const before = hub.requests.length;
    const store = storeOver(storage);
    expect(await store.check('tiny/model', { access: access() })).toBe(1);
    expect(cdnBytes(before)).toBe(blockBytes);
    await expectPublished(storage, unet);
    // Once a session.
    const { snapshot } = storage;
    const read: string[] = [];
    storage.snapshot = (path) => {
      read.push(path);
      return snapshot.call(storage, path);
    };
    expect(await store.check('tiny/model', { access: access() })).toBe(0);
    expect(read.filter((path) => path.startsWith('files/'))).toEqual([]);
  });

  it('two tabs download once, and a model in use is not removed', async () => {
    const storage = new MemoryStorage();
    const locks = new ProcessLocks();
    const [first, second] = [storeOver(storage, locks), storeOver(storage, locks)];
    const told: DownloadProgress[] = [];
    await Promise.all([
      first.download(whole(), '', { access: access() }),
      second.download(whole(), '', { access: access(), onProgress: (progress) => told.push(progress) }),
    ]);
    for (const path of weights) await expectPublished(storage, path);
    expect(cdnBytes()).toBe(weights.reduce((sum, path) => sum + readFileSync(join(folder, path)).length, 0));
    expect(told[0]).toMatchObject({ phase: 'waiting', reason: expect.stringContaining('another tab') });
    const reading = await locks.share(`file:tiny--model/${unet}`);
    await expect(first.remove('tiny/model')).rejects.toMatchObject({ code: 'storage-busy' });
    reading.release();
    await first.remove('tiny/model');
    expect(await storage.list('files')).toEqual([]);
    expect(await second.list()).toEqual([]);
  });

  it('fetches what two models share once, though both are fetched at a time by two tabs', async () => {
    const storage = new MemoryStorage();
    const locks = new ProcessLocks();
    const named = (id: string) => ({ ...whole(), id });
    await Promise.all(
      ['a', 'b'].map((id) => storeOver(storage, locks).download(named(id), '', { access: access() })),
    );
    expect(cdnBytes()).toBe(plannedBytes());
    const store = storeOver(storage, locks);
    expect((await store.list()).map(({ complete }) => complete)).toEqual([true, true]);
    await store.remove('a');
    expect(await store.check('b', { access: access() })).toBe(0);
    for (const path of weights) await expectPublished(storage, path);
  });

  it('pauses, goes on in another session, and forgets a cancelled download', async () => {
    const storage = new MemoryStorage();
    const abort = new AbortController();
    const onProgress = ({ receivedBytes }: DownloadProgress) => {
      if (receivedBytes > 60_000) abort.abort();
    };
    hub.bytesPerSecond = 60_000;
    const paused = storeOver(storage).download(whole(), 'terms', {
      access: access(),
      signal: abort.signal,
      onProgress,
    });
    await expect(paused).rejects.toMatchObject({ code: 'aborted' });
    hub.bytesPerSecond = undefined;
    const next = storeOver(storage.afterDeath());
    const [partial] = await next.list();
    expect(partial).toMatchObject({ complete: false, request: whole() });
    expect(partial!.storedBytes).toBeGreaterThan(0);
    const plan = await next.plan(partial!.request, { access: access() });
    expect(plan.downloadBytes).toBeLessThan(plan.sizeBytes - partial!.storedBytes + blockBytes);
    await next.remove('tiny/model');
    expect(await next.list()).toEqual([]);
  });

  it('stores what models of one lineage share once, and keeps it until the last of them goes', async () => {
    const part = (source: string, name: string) => ({ source, folder: name });
    const described = (id: string, source: string): PublishedModel => ({
      kind: 'pipeline',
      id,
      title: id,
      summary: id,
      lineage: 'tiny',
      latents: 'tiny',
      gated: false,
      licence: { name: 'terms', url: 'https://example.org' },
      parts: {
        tokenizer: part('tiny/model', 'tokenizer'),
        text_encoder: part('tiny/model', 'text_encoder'),
        unet: part(source, 'unet'),
        vae: part('tiny/model', 'vae'),
        scheduler: part(source, 'scheduler'),
      },
      sampler: 'ddim',
      steps: { minimum: 1, maximum: 1, initial: 1 },
      guidance: null,
      sizes: [[64, 64]],
    });
    const storage = new MemoryStorage();
    const store = storeOver(storage);
    await store.download(requestOfPublished(described('a', 'tiny/model'), 'original'), '', {
      access: access(),
    });
    const before = hub.requests.length;
    await store.download(requestOfPublished(described('b', 'tiny/other'), 'original'), '', {
      access: access(),
    });
    expect(cdnBytes(before)).toBe(readFileSync(join(folder, unet)).length);
    const [a, b] = await store.list();
    expect(a!.ownBytes).toBeLessThan(a!.storedBytes);
    expect(b!.complete).toBe(true);
    await store.remove('a');
    await expectPublished(storage, encoder);
    expect((await store.list()).map(({ request, complete }) => [request.id, complete])).toEqual([
      ['b', true],
    ]);
    await store.remove('b');
    expect(await storage.list('files')).toEqual([]);
  });

  it('says what is wrong with a gated model, a pickled one, an unknown one', async () => {
    const store = storeOver(new MemoryStorage());
    await expect(store.download(whole('tiny/gated'), '', { access: access() })).rejects.toMatchObject({
      code: 'access-denied',
    });
    const token = { ...access(), token: 'hf_good' };
    await store.download(whole('tiny/gated'), '', { access: token });
    await expect(store.plan(whole('tiny/pickled'), { access: access() })).rejects.toMatchObject({
      code: 'file-not-found',
      found: expect.stringContaining('pickled'),
    });
    await expect(store.plan(whole('tiny/none'), { access: access() })).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('Check the id'),
    });
    await expect(store.check('tiny/none', { access: access() })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('takes a mirror without an API, and a plain folder of a server', async () => {
    const mirror = await startLocalHub({ repositories: { 'tiny/model': { folder } }, api: false });
    try {
      const storage = new MemoryStorage();
      await storeOver(storage).download(whole(), '', { access: { baseUrl: mirror.url } });
      for (const path of weights) await expectPublished(storage, path);
      const address = `${mirror.url}/tiny/model/resolve/main`;
      const plain = new MemoryStorage();
      await storeOver(plain).download(whole(address), '', { access: { ...access(), token: 'hf_secret' } });
      const source = `url--${address.replace('http://', '').replace(':', '--').replaceAll('/', '--')}`;
      for (const path of weights) await expectPublished(plain, path, source);
      expect(mirror.requests.filter(({ authorization }) => authorization)).toEqual([]);
    } finally {
      await mirror.close();
    }
  });
});

function plannedBytes(): number {
  return weights.reduce((sum, path) => sum + readFileSync(join(folder, path)).length, 0);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
