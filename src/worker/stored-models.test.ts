/** What the engine sees of the store: complete models only, checked before use, and told when they change. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseModelSource } from '../platform/hub/model-source.ts';
import { defaultTransport } from '../platform/hub/transport.ts';
import { type ModelRequest, requestOfSource } from '../platform/store/model-request.ts';
import { ModelStore } from '../platform/store/model-store.ts';
import { ProcessLocks } from '../platform/store/process-locks.ts';
import { dataPath } from '../platform/store/stored-path.ts';
import { safetensorsBytes, writeFolder } from '../testing/hub-folder.ts';
import { type LocalHub, startLocalHub } from '../testing/local-hub/local-hub.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import type { DrawEvent } from './protocol.ts';
import { StoredModels } from './stored-models.ts';

const root = mkdtempSync(join(tmpdir(), 'stored-models-'));
const unet = 'unet/diffusion_pytorch_model.safetensors';
let hub: LocalHub;

beforeAll(async () => {
  writeFolder(root, {
    'model_index.json': '{}',
    'tokenizer/vocab.json': '{"a": 0}',
    'tokenizer/merges.txt': '#version: 0.2\n',
    'scheduler/scheduler_config.json': '{}',
    'text_encoder/config.json': '{}',
    'text_encoder/model.safetensors': safetensorsBytes({ words: 900 }),
    'unet/config.json': '{}',
    [unet]: safetensorsBytes({ down: 9_000 }),
    'vae/config.json': '{}',
    'vae/diffusion_pytorch_model.safetensors': safetensorsBytes({ decoder: 500 }),
  });
  hub = await startLocalHub({
    repositories: { 'tiny/model': { folder: root }, 'tiny/gated': { folder: root, gated: true } },
    tokens: ['hf_good'],
  });
});
afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});

let storage: MemoryStorage;
let store: ModelStore;
let stored: StoredModels;
let events: DrawEvent[];
beforeEach(() => {
  storage = new MemoryStorage();
  const transport = { ...defaultTransport, fetch, firstWaitMs: 5, attempts: 2 };
  store = new ModelStore({ storage, locks: new ProcessLocks(), transport, now: () => performance.now() });
  stored = new StoredModels(Promise.resolve({ storage, store }));
  events = [];
});

const nothing = new MemoryFiles({ 'catalog.json': '{"models": []}' });
const access = () => ({ baseUrl: hub.url });

async function download(id = 'tiny/model', storeAs: ModelRequest['storeAs'] = 'original', token?: string) {
  const request = requestOfSource(parseModelSource(id), storeAs, 'full');
  await store.download(request, '', { access: { ...access(), token } });
  await stored.descriptors(nothing);
}

const check = (...folders: string[]) =>
  stored.check(folders, { model: 'm', onEvent: (event) => events.push(event) });

async function flipByte(path: string): Promise<void> {
  const file = await storage.open(dataPath(path));
  const size = await file.size();
  const [byte] = await file.read(size - 1, size);
  await file.write(Uint8Array.of(byte! ^ 1), size - 1);
  await file.close();
}

it('shows no file of a model that is not complete, whatever lies in its folder', async () => {
  await download();
  const files = stored.join(nothing);
  const other = 'tiny--model/unet/diffusion_pytorch_model.fp16.safetensors';
  const begun = await storage.open(dataPath(other));
  await begun.truncate(1000);
  await begun.close();
  expect(await files.has(`stored/tiny--model/${unet}`)).toBe(true);
  expect(await files.has(`stored/${other}`)).toBe(false);
});

it('mends a damaged block of any folder that is used, and looks at none twice', async () => {
  await download();
  await flipByte('tiny--model/vae/diffusion_pytorch_model.safetensors');
  await flipByte(`tiny--model/${unet}`);
  await check('stored/tiny--model/vae', 'elsewhere');
  const shared = hub.requests.length;
  await check('stored/tiny--model/vae');
  expect(hub.requests.length).toBe(shared);
  const files = stored.join(nothing);
  const path = 'stored/tiny--model/vae/diffusion_pytorch_model.safetensors';
  const size = await files.size(path);
  const wanted = safetensorsBytes({ decoder: 500 });
  expect(Buffer.from(await files.read(path, 0, size))).toEqual(Buffer.from(wanted));
  expect(events.at(-1)).toMatchObject({ kind: 'loading', progress: { part: 'stored files' } });
  await check('stored/tiny--model/unet');
  expect(hub.requests.length).toBeGreaterThan(shared);
});

it('says where the token goes when a damaged block is one of a gated model', async () => {
  await download('tiny/gated', 'original', 'hf_good');
  await flipByte(`tiny--gated/${unet}`);
  await expect(check('stored/tiny--gated/unet')).rejects.toMatchObject({
    code: 'file-malformed',
    remedy: expect.stringContaining('access token'),
  });
});

it('tells folders that were deleted, or fetched anew as something else', async () => {
  await download();
  await check('stored/tiny--model/unet', 'stored/tiny--model/vae');
  expect(await stored.changed()).toEqual([]);
  await store.remove('tiny/model');
  await download('tiny/model', 'float16');
  expect(await stored.changed()).toEqual(['stored/tiny--model/unet', 'stored/tiny--model/vae']);
  expect(await stored.changed()).toEqual([]);
  await check('stored/tiny--model/unet');
  await store.remove('tiny/model');
  await stored.descriptors(nothing);
  expect(await stored.changed()).toEqual(['stored/tiny--model/unet']);
});
