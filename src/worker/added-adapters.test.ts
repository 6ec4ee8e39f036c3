/** Files that change weights, through the real engine: on the recorded tiny pipeline and the embedded models. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { chosenFiles } from '../platform/browser/folder-files.ts';
import { DirectoryFiles } from '../platform/node/directory-files.ts';
import { chooseRuntime } from '../platform/ort/choose-runtime.ts';
import { JoinedFiles } from '../platform/store/joined-files.ts';
import { loadClipTokenizer } from '../platform/tokenizer/clip-tokenizer.ts';
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

async function add(id: string, path: string) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const file = new File([await readFile(path)], name);
  return adapters.add(id, name, (asked) => chosenFiles(id, new Map([[asked, file]])));
}

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
