/** What someone types is looked at before gigabytes are fetched, and said where it can't be opened. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { defaultTransport } from '../platform/hub/transport.ts';
import { DirectoryFiles } from '../platform/node/directory-files.ts';
import { ModelStore } from '../platform/store/model-store.ts';
import { ProcessLocks } from '../platform/store/process-locks.ts';
import { assertUsable } from '../platform/store/stored-descriptors.ts';
import { dataPath } from '../platform/store/stored-path.ts';
import { type LocalHub, startLocalHub } from '../testing/local-hub/local-hub.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import type { WantedModel } from './store-protocol.ts';
import { StoreService } from './store-service.ts';

const root = mkdtempSync(join(tmpdir(), 'store-service-'));
const good = join(root, 'good');
const strange = join(root, 'strange');
let hub: LocalHub;

beforeAll(async () => {
  for (const folder of [good, strange]) {
    for (const part of ['model_index.json', 'scheduler', 'text_encoder', 'unet', 'vae']) {
      cpSync(join('fixtures/reference/e2e', part), join(folder, part), { recursive: true });
    }
    cpSync('models/nano/tokenizer', join(folder, 'tokenizer'), { recursive: true });
  }
  const path = join(strange, 'unet/config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...config, addition_embed_type: 'text_time' }));
  hub = await startLocalHub({
    repositories: { 'tiny/good': { folder: good }, 'tiny/strange': { folder: strange } },
  });
});
afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});

let storage: MemoryStorage;
let service: StoreService;
beforeEach(() => {
  hub.requests.length = 0;
  storage = new MemoryStorage();
  const transport = { ...defaultTransport, fetch, firstWaitMs: 5, attempts: 2 };
  const store = new ModelStore({
    storage,
    locks: new ProcessLocks(),
    transport,
    now: () => performance.now(),
  });
  service = new StoreService({ store, storage, openCatalogue: async () => new DirectoryFiles('models') });
});

const typed = (text: string): WantedModel => ({ kind: 'typed', text, storeAs: 'original' });
const download = (text: string) => service.download(typed(text), '', { baseUrl: hub.url }, {});

describe('a typed model', () => {
  it('that the engine can not open is refused before its weights are fetched, and nothing is kept', async () => {
    await expect(download('tiny/strange')).rejects.toMatchObject({
      code: 'config-unsupported',
      subject: expect.stringContaining('addition_embed_type'),
    });
    expect(hub.requests.filter(({ path }) => path.endsWith('.safetensors'))).toEqual([]);
    expect((await service.state()).models).toEqual([]);
    expect((await storage.estimate()).usedBytes).toBe(0);
  });

  it('that it can open is fetched, and has no problem', async () => {
    await download('tiny/good');
    const [model] = (await service.state()).models;
    expect(model).toMatchObject({ complete: true, problem: undefined });
  });

  it('that came before the engine was asked says why it is not offered', async () => {
    await download('tiny/good');
    const bytes = readFileSync(join(strange, 'unet/config.json'));
    const file = await storage.open(dataPath('tiny--good/unet/config.json'));
    await file.truncate(0);
    await file.write(bytes, 0);
    await file.close();
    const [model] = (await service.state()).models;
    expect(model!.problem).toMatchObject({ code: 'config-unsupported' });
  });
});

it('an exported part that is larger than one piece may be is refused', async () => {
  const inner = new DirectoryFiles(good);
  const sizes: Record<string, number> = { 'unet/model.onnx': 1e6, 'unet/model.onnx_data': 3.4e9 };
  const files: ModelFiles = {
    id: 'exported',
    has: async (path) => path in sizes || inner.has(path),
    size: async (path) => sizes[path] ?? inner.size(path),
    read: (...given) => inner.read(...given),
  };
  await expect(assertUsable(files)).rejects.toMatchObject({
    code: 'model-too-large',
    subject: 'unet/model.onnx',
    found: expect.stringContaining('3.4 GB'),
  });
});
