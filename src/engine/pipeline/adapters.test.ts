/** What a model is opened with: adapters, a fast decoder, a limit on what stays loaded; on the recorded tiny model. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import type { Adapter } from '../weights/adapter.ts';
import { describeFolder } from './describe-folder.ts';
import type { ModelDescriptor } from './model.ts';
import { ModelHost, type ModelHostOptions, type OpenOptions } from './model-host.ts';
import type { Runtime } from './ports.ts';

vi.setConfig({ testTimeout: 60_000 });

/** All recorded cases: models are folders of it. */
const files = new DirectoryFiles('fixtures/reference');
const size = { width: 64, height: 64 };
const ids = [...Array(76).fill(9), 15];
const lora = (name: string, strength: number): Adapter => ({
  kind: 'lora',
  files,
  path: `lora/${name}.safetensors`,
  strength,
});

let runtime: Runtime;
/** Graphs that are loaded now, and all that ever were. */
let open: string[];
let loaded: string[];
let model: ModelDescriptor;
beforeAll(async () => {
  const node = await createNodeRuntime({ threads: 1 });
  runtime = {
    ...node,
    async createSession(graph, ...rest) {
      const session = await node.createSession(graph, ...rest);
      open.push(graph.name);
      loaded.push(graph.name);
      return {
        run: (feeds) => session.run(feeds),
        async dispose() {
          open.splice(open.indexOf(graph.name), 1);
          await session.dispose();
        },
      };
    },
  };
  const folder = await describeFolder(new DirectoryFiles('fixtures/reference/e2e'));
  const inside = (part: string) => `e2e/${part}`;
  model = {
    ...folder,
    components: {
      tokenizer: '',
      text_encoder: inside('text_encoder'),
      unet: inside('unet'),
      vae: inside('vae'),
      tiny_vae: 'taesd-tiny',
      scheduler: inside('scheduler'),
    },
    sampler: 'rectified-flow',
  };
});
afterAll(() => runtime.dispose());

let host: ModelHost;
const newHost = (options: Partial<ModelHostOptions> = {}) =>
  new ModelHost({
    runtime,
    files,
    loadTokenizer: async () => ({
      encode: (prompt: string) => ({
        ids: prompt === 'other' ? [...ids].reverse() : ids,
        tokenCount: 1,
        truncated: '',
      }),
    }),
    clock: () => performance.now(),
    ...options,
  });
beforeEach(() => {
  open = [];
  loaded = [];
  host = newHost();
});
afterEach(() => host.dispose());

const request = { prompt: '', stepCount: 1, guidanceScale: 1, seed: 3, ...size };

async function draw(options: Partial<OpenOptions> = {}, descriptor = model) {
  return (await host.open(descriptor, { size, ...options })).generate(request);
}

describe('adapters', () => {
  it('change the picture, and leave the exact base at strength 0 and when they are removed', async () => {
    const base = (await draw()).latents.data;
    const adapted = (await draw({ adapters: [lora('kohya_full_alpha3', 1)] })).latents.data;
    expect(adapted).not.toEqual(base);
    const count = loaded.length;
    expect((await draw({ adapters: [lora('kohya_full_alpha3', 0)] })).latents.data).toEqual(base);
    expect((await draw()).latents.data).toEqual(base);
    expect(loaded.length).toBe(count);
    const weaker = (await draw({ adapters: [lora('kohya_full_alpha3', 0.5)] })).latents.data;
    expect(weaker).not.toEqual(adapted);
  });

  it('share what they do not change', async () => {
    await draw();
    await draw({ adapters: [lora('peft_attn', 1)] });
    expect(loaded.filter((name) => name.startsWith('clip'))).toHaveLength(1);
    expect(loaded.filter((name) => name.startsWith('unet'))).toHaveLength(2);
  });

  it('are refused by name where they do not fit, and the base goes on', async () => {
    const other = { ...model, components: { ...model.components, unet: 'unet-tiny-sdturbo' } };
    const opening = draw({ adapters: [lora('kohya_full_alpha3', 1)] }, other);
    await expect(opening).rejects.toMatchObject({
      code: expect.stringMatching(/tensor-(missing|mismatch)/),
      subject: expect.stringMatching(/^lora_unet_/),
    });
    await draw();
  });

  it("are the model's own: nothing is added by the difference of a U-Net and itself", async () => {
    const base = (await draw()).latents.data;
    const delta = { finetuned: 'e2e/unet', original: 'e2e/unet' };
    expect((await draw({}, { ...model, delta })).latents.data).toEqual(base);
  });
});

describe('decoding', () => {
  it('is fast by the tiny decoder, which alone is loaded then', async () => {
    const fast = await draw({ decoding: 'fast' });
    expect(loaded.filter((name) => name.startsWith('autoencoder'))).toEqual(['autoencoder-tiny-decoder']);
    const full = await draw();
    expect(full.latents).toEqual(fast.latents);
    expect(full.rgba).not.toEqual(fast.rgba);
    const pipeline = await host.open(model, { size });
    expect((await pipeline.decodePreview(fast.latents.data)).rgba).toEqual(fast.rgba);
    expect((await pipeline.decode(fast.latents.data)).rgba).toEqual(full.rgba);
  });

  it('is refused as fast where there is no tiny decoder', async () => {
    const { tiny_vae: _, ...components } = model.components;
    const opening = draw({ decoding: 'fast' }, { ...model, components });
    await expect(opening).rejects.toMatchObject({ code: 'argument-invalid', subject: 'decoding' });
  });

  it('is in tiles where tensors are limited, and gives the same picture', async () => {
    const { rgba } = await draw();
    const limited = newHost({ largestTensorBytes: 20_000 });
    const tiled = await (await limited.open(model, { size })).generate(request);
    await limited.dispose();
    expect(loaded).toContain('autoencoder-kl-decoder-head');
    const apart = tiled.rgba.filter((value, i) => Math.abs(value - rgba[i]!) > 1).length;
    expect(apart).toBe(0);
  });
});

it('keeps no more loaded than it may, and loads again what it needs', async () => {
  host = newHost({ resident: { count: 1, bytes: 1e9 } });
  const base = await host.open(model, { size, decoding: 'fast' });
  const first = await base.generate(request);
  const adapted = await host.open(model, {
    size,
    decoding: 'fast',
    adapters: [lora('diffusers_attn', 1)],
  });
  await adapted.generate(request);
  expect(open.filter((name) => name.startsWith('unet'))).toHaveLength(1);
  expect((await base.generate(request)).latents).toEqual(first.latents);
  expect(open.filter((name) => name.startsWith('unet'))).toHaveLength(1);
});

it('frees the text encoder where it does not fit beside the network, and remembers what it gave', async () => {
  host = newHost({ resident: { totalBytes: 1.2e6 } });
  const draw = async (prompt: string) =>
    (await host.open(model, { size, decoding: 'fast' })).generate({ ...request, prompt });
  const encoders = () => loaded.filter((name) => name.startsWith('clip')).length;
  await draw('one');
  expect(open.filter((name) => name.startsWith('clip'))).toEqual([]);
  const before = encoders();
  await draw('one');
  expect(encoders()).toBe(before);
  await draw('other');
  expect(encoders()).toBe(before + 1);
  expect(open.filter((name) => name.startsWith('unet'))).toHaveLength(1);
});

it('forgets what was loaded from a folder, and loads its files anew', async () => {
  host = newHost();
  const draw = async () => (await host.open(model, { size, decoding: 'fast' })).generate(request);
  const first = await draw();
  const count = loaded.length;
  await host.forget('e2e/unet');
  expect(open.filter((name) => name.startsWith('unet'))).toEqual([]);
  expect((await draw()).latents).toEqual(first.latents);
  expect(loaded.slice(count).filter((name) => !name.startsWith('euler'))).toEqual([
    expect.stringMatching(/^unet/u),
  ]);
  await host.forget('e2e');
  expect(open.filter((name) => /^(unet|clip)/u.test(name))).toEqual([]);
  expect((await draw()).latents).toEqual(first.latents);
});

it('refuses a size before anything is loaded for it', async () => {
  host = newHost();
  const before = loaded.length;
  const opening = host.open(model, { size: { width: 8_000_000, height: 64 } });
  await expect(opening).rejects.toMatchObject({ code: 'argument-invalid', subject: 'width' });
  expect(loaded).toHaveLength(before);
});
