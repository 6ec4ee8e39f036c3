/** PEFT's scale: whose config is read, which layers have one of their own, and that no two scales are taken for one. */
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../testing/memory-files.ts';
import { safetensorsOf } from '../../../testing/safetensors-bytes.ts';
import { openAdapters } from '../adapter.ts';
import { openCheckpoint } from '../open-checkpoint.ts';
import { openLora } from './lora-file.ts';

const floats = (shape: readonly number[], values: readonly number[]) => ({
  dtype: 'F32',
  shape,
  bytes: Float32Array.from(values),
});
const layer = 'down_blocks.0.attentions.0.attn1.to_q';
const peft = safetensorsOf({
  [`base_model.model.${layer}.lora_A.weight`]: floats([2, 1], [1, 0]),
  [`base_model.model.${layer}.lora_B.weight`]: floats([1, 2], [1, 0]),
});
const unet = safetensorsOf({ [`${layer}.weight`]: floats([1, 1], [0]) });

interface Place {
  readonly path?: string;
  readonly config?: string | undefined;
  readonly files?: Readonly<Record<string, object>>;
}

function sourceOf({ path = 'adapter_model.safetensors', config, files = {} }: Place) {
  const texts = Object.entries(files).map(([name, fields]) => [name, JSON.stringify(fields)]);
  const all = {
    [path]: peft,
    'unet/diffusion_pytorch_model.safetensors': unet,
    ...Object.fromEntries(texts),
  };
  return { files: new MemoryFiles(all), path, config };
}

async function open(place: Place) {
  const source = sourceOf(place);
  const set = await openAdapters([{ kind: 'lora', ...source, strength: 1 }]);
  const checkpoint = set.adapt('unet', await openCheckpoint(source.files, 'unet/diffusion_pytorch_model'));
  const [scale] = await checkpoint.readTensor(`${layer}.weight`);
  const { scaleAssumed } = await openLora(source);
  return { key: set.key('unet'), scale, scaleAssumed };
}

const scaled = { r: 2, lora_alpha: 6 };

describe('whose config', () => {
  it.each<[string, Place, number, boolean]>([
    ['none', {}, 1, true],
    ['the one beside', { files: { 'adapter_config.json': scaled } }, 3, false],
    [
      'the one that a browser numbered alike',
      {
        path: 'in/adapter_model (1).safetensors',
        files: { 'in/adapter_config (1).json': scaled, 'in/adapter_config.json': { lora_alpha: 8 } },
      },
      3,
      false,
    ],
    [
      "not another one's",
      { path: 'adapter_model (1).safetensors', files: { 'adapter_config.json': scaled } },
      1,
      true,
    ],
    [
      'any that is given',
      { path: 'adapter_model (1).safetensors', config: 'chosen', files: { chosen: scaled } },
      3,
      false,
    ],
    [
      'given for any name',
      { path: 'painting.safetensors', config: 'chosen', files: { chosen: scaled } },
      3,
      false,
    ],
    ['none for any name', { path: 'painting.safetensors' }, 1, true],
  ])('%s', async (_, place, scale, assumed) => {
    expect(await open(place)).toMatchObject({ scale, scaleAssumed: assumed });
  });

  it('a config that says nothing of the scale is refused', async () => {
    const place = { files: { 'adapter_config.json': { in_channels: 4 } } };
    await expect(open(place)).rejects.toMatchObject({ code: 'config-invalid', subject: 'lora_alpha' });
  });
});

it('a file that says its scale, or is not of PEFT, is assumed nothing of', async () => {
  const lora = (down: string, up: string, more = {}) =>
    safetensorsOf({ [down]: floats([1, 1], [1]), [up]: floats([1, 1], [1]), ...more });
  const own = (name: string) => `base_model.model.${layer}.${name}`;
  const files = new MemoryFiles({
    'diffusers.safetensors': lora(`unet.${layer}.lora_A.weight`, `unet.${layer}.lora_B.weight`),
    'alpha.safetensors': lora(own('lora_A.weight'), own('lora_B.weight'), {
      [own('alpha')]: floats([], [1]),
    }),
  });
  for (const path of ['diffusers.safetensors', 'alpha.safetensors']) {
    expect(await openLora({ files, path })).toMatchObject({ scaleAssumed: false });
  }
});

it('networks of one file at two scales are told apart, and those of one scale are not', async () => {
  const config = (fields: object) => ({ files: { 'adapter_config.json': fields } });
  const places = [
    {},
    config(scaled),
    config({ ...scaled, lora_alpha: 7 }),
    config({ ...scaled, use_rslora: true }),
    config({ ...scaled, alpha_pattern: { to_q: 1 } }),
  ];
  const keys = await Promise.all(places.map(async (place) => (await open(place)).key));
  expect(new Set(keys).size).toBe(places.length);
  expect((await open(config({ ...scaled, lora_dropout: 0.5 }))).key).toBe(keys[1]);
});

describe('the alpha of a layer', () => {
  const scaleWith = async (alpha_pattern: object) =>
    (await open({ files: { 'adapter_config.json': { ...scaled, alpha_pattern } } })).scale;

  it.each<[string, object, number]>([
    ['by its path', { [layer]: 4 }, 2],
    ['by the end of its path', { 'attn1.to_q': 4 }, 2],
    ['not by a part of a name', { o_q: 4 }, 3],
    ['by an expression', { '^down_blocks.*to_q$': 4 }, 2],
    ['not by an expression for others', { '^up_blocks.*to_q$': 4 }, 3],
    ['the first that matches', { to_k: 1, '.*attn1.*': 4, to_q: 8 }, 2],
    ['the first that matches, a name', { to_q: 8, '.*attn1.*': 4 }, 4],
    ['by a name like a property of every object', { constructor: 4 }, 3],
  ])('%s', async (_, patterns, scale) => {
    expect(await scaleWith(patterns)).toBe(scale);
  });

  it.each([{ '(a+)+$': 1 }, Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`.*${i}`, 1]))])(
    'is refused where finding it could take long',
    async (patterns) => {
      await expect(scaleWith(patterns)).rejects.toMatchObject({
        code: 'config-unsupported',
        subject: expect.stringContaining('alpha_pattern'),
      });
    },
  );
});
