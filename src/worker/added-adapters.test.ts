/** Files that change weights, through the real engine: on the recorded tiny pipeline and the embedded models. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { packWeights } from '../../cli/pack-weights.ts';
import { openCheckpoint } from '../engine/weights/open-checkpoint.ts';
import { DirectoryFiles } from '../platform/node/directory-files.ts';
import { chooseRuntime } from '../platform/ort/choose-runtime.ts';
import { JoinedFiles } from '../platform/store/joined-files.ts';
import { loadClipTokenizer } from '../platform/tokenizer/clip-tokenizer.ts';
import { safetensorsOf } from '../testing/safetensors-bytes.ts';
import { AddedAdapters } from './added-adapters.ts';
import { EngineService } from './engine-service.ts';
import type { AppliedAdapter, DrawRequest } from './protocol.ts';
import { StoredModels } from './stored-models.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const now = () => performance.now();
const adapters = new AddedAdapters();
const stored = new StoredModels(Promise.resolve(undefined));
const service = new EngineService({
  chooseRuntime: (choice) => chooseRuntime(choice, { gpu: undefined, now }),
  openFiles: async () => new DirectoryFiles('models'),
  loadTokenizer: loadClipTokenizer,
  now,
  stored,
  adapters,
});

async function fileOf(path: string, name = path.slice(path.lastIndexOf('/') + 1)): Promise<File> {
  return new File([await readFile(path)], name);
}

const add = async (id: string, path: string) => adapters.add({ id, file: await fileOf(path) });

let model: string;
beforeAll(async () => {
  await service.start('wasm');
  const folder = new JoinedFiles(new DirectoryFiles('fixtures/reference/e2e'));
  folder.mount('tokenizer', new DirectoryFiles('models/nano/tokenizer'));
  ({ id: model } = await stored.addFolder('folder-1', 'tiny', folder));
});

async function draw(applied: readonly AppliedAdapter[], change: Partial<DrawRequest> = {}) {
  const request: DrawRequest = {
    model,
    prompt: 'a red apple',
    seed: 7,
    stepCount: 1,
    guidanceScale: 1,
    width: 64,
    height: 64,
    previews: false,
    adapters: applied,
    ...change,
  };
  const { signal } = new AbortController();
  return (await service.draw(request, { signal, onEvent: () => {} })).picture.rgba;
}

describe('a LoRA', () => {
  it('is told by what it changes', async () => {
    expect(await add('kohya', 'fixtures/reference/lora/kohya_full_alpha3.safetensors')).toMatchObject({
      kind: 'lora',
      parts: expect.arrayContaining(['text_encoder', 'unet']),
    });
    const { parts, ranks } = await add('peft', 'fixtures/reference/lora/peft_attn.safetensors');
    expect(parts).toEqual(['unet']);
    expect(ranks![0]).toBeGreaterThan(0);
  });

  it('changes the picture by its strength, and leaves the exact base when it is taken away', async () => {
    const base = await draw([]);
    const whole = await draw([{ id: 'kohya', strength: 1 }]);
    expect(whole).not.toEqual(base);
    expect(await draw([{ id: 'kohya', strength: 0.5 }])).not.toEqual(whole);
    expect(await draw([])).toEqual(base);
  });

  it("follows PEFT's config, whatever the browser called either file", async () => {
    const path = 'fixtures/reference/lora/peft_attn.safetensors';
    const [, rank] = (await add('plain', path)).ranks!;
    const file = await fileOf(path, 'adapter_model (1).safetensors');
    const config = (lora_alpha: number) =>
      new File([JSON.stringify({ r: rank, lora_alpha })], 'adapter_config.json');
    expect(await adapters.add({ id: 'without', file })).toMatchObject({ scaleAssumed: true });
    expect(await adapters.add({ id: 'halved', file, config: config(rank / 2) })).toMatchObject({
      scaleAssumed: false,
    });
    const halved = await draw([{ id: 'halved', strength: 1 }]);
    expect(halved).toEqual(await draw([{ id: 'plain', strength: 0.5 }]));
    expect(halved).not.toEqual(await draw([{ id: 'without', strength: 1 }]));
    // The same id with another config is another network, too: none that is loaded may be taken for it.
    await adapters.add({ id: 'halved', file, config: config(rank) });
    expect(await draw([{ id: 'halved', strength: 1 }])).toEqual(await draw([{ id: 'plain', strength: 1 }]));
  });

  it('is refused by name where it does not fit, and where it is not here', async () => {
    const embedded = { model: 'instaflow-nano' };
    await expect(draw([{ id: 'kohya', strength: 1 }], embedded)).rejects.toMatchObject({
      code: expect.stringMatching(/^tensor-/),
      message: expect.stringContaining('kohya_full_alpha3.safetensors'),
      remedy: expect.any(String),
    });
    await expect(draw([{ id: 'gone', strength: 1 }])).rejects.toMatchObject({
      code: 'file-not-found',
      subject: 'gone',
    });
  });
});

describe('a whole U-Net', () => {
  const embedded = { model: 'instaflow-nano' };

  it('adds its difference from a model: none from itself, some from another', async () => {
    const path = 'models/nano/unet-2-rf/diffusion_pytorch_model.safetensors';
    expect(await add('tuned', path)).toMatchObject({ kind: 'unet', parts: ['unet'], ranks: null });
    const base = await draw([], embedded);
    expect(await draw([{ id: 'tuned', strength: 1, original: '2-rf-nano' }], embedded)).toEqual(base);
    const moved = await draw([{ id: 'tuned', strength: 0.3, original: 'sd-nano' }], embedded);
    expect(moved).not.toEqual(base);
    expect(await draw([], embedded)).toEqual(base);
    await expect(draw([{ id: 'tuned', strength: 1, original: null }], embedded)).rejects.toMatchObject({
      code: 'argument-invalid',
      subject: 'tuned',
    });
  });
});

describe('a U-Net in several files', () => {
  let files: File[];
  const stem = 'diffusion_pytorch_model';
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shards-'));
    const checkpoint = await openCheckpoint(new DirectoryFiles('models/nano/unet-2-rf'), stem);
    await packWeights({ checkpoint, out: folder, stemPath: stem, shardBytes: 5e6 });
    files = await Promise.all((await readdir(folder)).map((name) => fileOf(join(folder, name))));
    await rm(folder, { recursive: true });
  });
  const index = () => files.find(({ name }) => name.endsWith('.index.json'))!;
  const shards = () => files.filter((file) => file !== index());

  it('is the U-Net in one: no difference from the model itself', async () => {
    expect(shards().length).toBeGreaterThan(1);
    const embedded = { model: 'instaflow-nano' };
    const summary = await adapters.add({ id: 'cut', file: index(), shards: shards() });
    expect(summary).toEqual(await add('whole', `models/nano/unet-2-rf/${stem}.safetensors`));
    const base = await draw([], embedded);
    expect(await draw([{ id: 'cut', strength: 1, original: '2-rf-nano' }], embedded)).toEqual(base);
    expect(await draw([{ id: 'cut', strength: 0.3, original: 'sd-nano' }], embedded)).not.toEqual(base);
  });

  it('is refused without its index, without a shard, and where it is no U-Net, with what to do', async () => {
    const [first, ...others] = shards();
    await expect(adapters.add({ id: 'part', file: first! })).rejects.toMatchObject({
      code: 'file-not-found',
      subject: first!.name,
      remedy: expect.stringContaining('index'),
    });
    await expect(adapters.add({ id: 'part', file: index(), shards: others })).rejects.toMatchObject({
      code: 'file-not-found',
      subject: expect.stringContaining(first!.name),
    });
    const other = new File([JSON.stringify({ weight_map: { a: 'a' } })], index().name);
    const tensor = safetensorsOf({ a: { dtype: 'U8', shape: [1], bytes: Uint8Array.of(1) } });
    const a = new File([new Uint8Array(tensor)], 'a');
    await expect(adapters.add({ id: 'part', file: other, shards: [a] })).rejects.toMatchObject({
      code: 'config-unsupported',
      found: expect.stringContaining('conv_in.weight'),
    });
  });
});

it("a LoRA's config alone is refused, with what to do", async () => {
  const file = new File(['{"lora_alpha": 1}'], 'adapter_config.json');
  await expect(adapters.add({ id: 'config', file })).rejects.toMatchObject({
    code: 'file-not-found',
    subject: 'adapter_config.json',
    remedy: expect.stringContaining('together'),
  });
});

describe('other files are refused, with what was found', () => {
  it.each([
    ['a text encoder', 'models/nano/text_encoder/model.safetensors', 'config-unsupported'],
    ['a decoder', 'models/nano/vae/diffusion_pytorch_model.safetensors', 'config-unsupported'],
    ['a page of text', 'models/nano/README.md', 'file-malformed'],
  ])('%s', async (_, path, code) => {
    await expect(add('other', path)).rejects.toMatchObject({
      code,
      found: expect.any(String),
      wanted: expect.any(String),
    });
  });
});
