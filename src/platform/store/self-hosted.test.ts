/** Folders of a server without the hub's API: whole, in shards, exported, and behind a bucket that lists nothing. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patternBytes, safetensorsBytes, writeFolder } from '../../testing/hub-folder.ts';
import { type LocalHub, startLocalHub } from '../../testing/local-hub/local-hub.ts';
import { MemoryStorage } from '../../testing/memory-storage.ts';
import { parseModelSource } from '../hub/model-source.ts';
import { defaultTransport } from '../hub/transport.ts';
import { requestOfSource } from './model-request.ts';
import { ModelStore } from './model-store.ts';
import { ProcessLocks } from './process-locks.ts';
import { resolveModel } from './resolve-model.ts';

const root = mkdtempSync(join(tmpdir(), 'self-hosted-'));
const small = {
  'model_index.json': '{}',
  'tokenizer/vocab.json': '{}',
  'tokenizer/merges.txt': '',
  'scheduler/scheduler_config.json': '{}',
  'text_encoder/config.json': '{}',
  'unet/config.json': '{}',
};
const weights = safetensorsBytes({ a: 10 });
let hub: LocalHub;

beforeAll(async () => {
  const index = {
    weight_map: { a: 'diffusion_pytorch_model-00001-of-00002.safetensors', b: 'other.safetensors' },
  };
  writeFolder(join(root, 'shards'), {
    ...small,
    'vae/config.json': '{}',
    'text_encoder/model.fp16.safetensors': weights,
    'unet/diffusion_pytorch_model.safetensors.index.json': JSON.stringify(index),
    'unet/diffusion_pytorch_model-00001-of-00002.safetensors': weights,
    'unet/other.safetensors': weights,
    'vae/diffusion_pytorch_model.safetensors': weights,
  });
  writeFolder(join(root, 'exported'), {
    ...small,
    'text_encoder/model.onnx': patternBytes(300),
    'unet/model.onnx': patternBytes(300),
    'unet/model.onnx_data': patternBytes(300),
    'vae_decoder/config.json': '{}',
    'vae_decoder/model.onnx': patternBytes(300),
    'vae_encoder/model.onnx': patternBytes(300),
  });
  writeFolder(join(root, 'empty'), { 'unet/config.json': '{}' });
  const folders = ['shards', 'exported', 'empty'].map((name) => [
    `tiny/${name}`,
    { folder: join(root, name) },
  ]);
  hub = await startLocalHub({ repositories: Object.fromEntries(folders), api: false });
});
afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  hub.faults = undefined;
});

const transport = { ...defaultTransport, fetch, firstWaitMs: 5, attempts: 2 };
async function resolved(name: string, precision: 'full' | 'fp16' = 'full', asHub = false) {
  const typed = asHub ? `tiny/${name}` : `${hub.url}/tiny/${name}/resolve/main`;
  const request = requestOfSource(parseModelSource(typed), 'original', precision);
  const { files } = await resolveModel(request, { access: { baseUrl: hub.url }, transport });
  return files.map(({ path }) => path);
}

/** As a bucket answers that may be read and not listed. */
const denyAbsent = (name: string) => {
  hub.faults = ({ path }) =>
    existsSync(join(root, name, path)) ? undefined : { kind: 'status', status: 403 };
};

describe.each([false, true])('without a listing, as a hub id: %s', (asHub) => {
  it('finds the shards that an index names', async () => {
    const paths = await resolved('shards', 'full', asHub);
    expect(paths).toEqual(
      expect.arrayContaining([
        'text_encoder/model.fp16.safetensors',
        'unet/diffusion_pytorch_model.safetensors.index.json',
        'unet/diffusion_pytorch_model-00001-of-00002.safetensors',
        'vae/diffusion_pytorch_model.safetensors',
      ]),
    );
  });

  it('finds exported parts with their data, and of a VAE in two the decoder', async () => {
    const paths = await resolved('exported', 'full', asHub);
    expect(paths).toEqual(
      expect.arrayContaining([
        'text_encoder/model.onnx',
        'unet/model.onnx',
        'unet/model.onnx_data',
        'vae_decoder/config.json',
        'vae_decoder/model.onnx',
      ]),
    );
    expect(paths).not.toContain('vae_encoder/model.onnx');
  });
});

describe('a mirror that hands files on itself', () => {
  let mirror: LocalHub;
  beforeAll(async () => {
    const repositories = { 'tiny/shards': { folder: join(root, 'shards') } };
    mirror = await startLocalHub({ repositories, api: false, redirects: false });
  });
  afterAll(() => mirror.close());
  const request = requestOfSource(parseModelSource('tiny/shards'), 'original', 'full');
  const vae = 'vae/diffusion_pytorch_model.safetensors';

  it("is held to the hub's hash, which it passes on", async () => {
    const { files } = await resolveModel(request, { access: { baseUrl: mirror.url }, transport });
    const remote = files.find(({ path }) => path === vae)!.remote!;
    expect(remote.sha256).toBe(createHash('sha256').update(weights).digest('hex'));
    const store = new ModelStore({
      storage: new MemoryStorage(),
      locks: new ProcessLocks(),
      transport,
      now: () => performance.now(),
    });
    mirror.faults = ({ path, range }) =>
      path === vae && range?.[1] !== 256 ? { kind: 'corrupt' } : undefined;
    const download = store.download(request, '', { access: { baseUrl: mirror.url } });
    await expect(download).rejects.toMatchObject({
      code: 'file-malformed',
      wanted: remote.sha256,
      message: expect.stringContaining(vae),
    });
  });
});

describe('a bucket that answers 403 for what it does not have', () => {
  it('is taken as one that has it not', async () => {
    denyAbsent('shards');
    expect(await resolved('shards')).toContain('vae/diffusion_pytorch_model.safetensors');
  });

  it('is said to refuse where the weights are not to be had', async () => {
    denyAbsent('empty');
    await expect(resolved('empty')).rejects.toMatchObject({ code: 'access-denied' });
    hub.faults = undefined;
    await expect(resolved('empty')).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('is not believed of a hub, which says what is missing', async () => {
    denyAbsent('shards');
    await expect(resolved('shards', 'full', true)).rejects.toMatchObject({ code: 'access-denied' });
  });
});
