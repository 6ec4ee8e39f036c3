/** Every spelling of a LoRA, from tiny files made by hand: W += strength · (alpha / rank) · up · down. */
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../testing/memory-files.ts';
import { safetensorsFrom, safetensorsOf } from '../../../testing/safetensors-bytes.ts';
import { floatsToHalves } from '../../core/float16.ts';
import { openAdapters } from '../adapter.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { openCheckpoint } from '../open-checkpoint.ts';
import { readFloats, readHalves } from '../read-tensor.ts';
import { parseLoraKey } from './lora-key.ts';

const floats = (shape: readonly number[], values: readonly number[]) => ({
  dtype: 'F32',
  shape,
  bytes: Float32Array.from(values),
});
const halves = (shape: readonly number[], values: readonly number[]) => {
  const bytes = new Uint16Array(values.length);
  floatsToHalves(Float32Array.from(values), bytes);
  return { dtype: 'F16', shape, bytes };
};

const attention = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1';
const query = `${attention}.to_q.weight`;
const out = `${attention}.to_out.0.weight`;
const convolution = 'down_blocks.0.resnets.0.conv1.weight';
const pointwise = 'down_blocks.0.attentions.0.proj_in.weight';
const textQuery = 'text_model.encoder.layers.0.self_attn.q_proj.weight';
const textOut = 'text_model.encoder.layers.0.self_attn.out_proj.weight';
const linear = [1, 2, 3, 4, 5, 6];

const base = {
  'unet/diffusion_pytorch_model.safetensors': safetensorsOf({
    [convolution]: floats([2, 1, 1, 3], [1, 1, 1, 2, 2, 2]),
    [pointwise]: floats([2, 3, 1, 1], linear),
    [query]: floats([2, 3], linear),
    [out]: halves([2, 3], linear),
  }),
  'text_encoder/model.safetensors': safetensorsOf({
    [textQuery]: floats([2, 3], linear),
    [textOut]: floats([2, 3], linear),
  }),
};

/** up [2, 2] · down [2, 3] */
const down = floats([2, 3], [1, 0, -1, 0.5, 2, 0]);
const up = floats([2, 2], [1, 2, 0, -1]);
const product = [2, 4, -1, -0.5, -2, 0];
const merged = (scale: number) => linear.map((value, i) => value + scale * product[i]!);

type Tensors = Parameters<typeof safetensorsOf>[0];

async function adapt(
  part: 'unet' | 'text_encoder',
  lora: Tensors | Uint8Array,
  { strength = 1, path = 'lora.safetensors', more = {} as Record<string, string> } = {},
): Promise<Checkpoint> {
  const files = new MemoryFiles({
    ...base,
    ...more,
    [path]: lora instanceof Uint8Array ? lora : safetensorsOf(lora),
  });
  const set = await openAdapters([{ kind: 'lora', files, path, strength }]);
  const stem = part === 'unet' ? 'unet/diffusion_pytorch_model' : 'text_encoder/model';
  return set.adapt(part, await openCheckpoint(files, stem));
}

const kohya = (layer: string, alpha?: number) => ({
  ...(alpha === undefined ? {} : { [`${layer}.alpha`]: floats([], [alpha]) }),
  [`${layer}.lora_down.weight`]: down,
  [`${layer}.lora_up.weight`]: up,
});

describe('spellings', () => {
  const underscored = attention.replaceAll('.', '_');
  const old = `${attention}.processor`;
  const layers = 'text_model.encoder.layers.0';
  it.each<[string, 'unet' | 'text_encoder', string, Tensors]>([
    ['kohya', 'unet', query, kohya(`lora_unet_${underscored}_to_q`)],
    ['kohya', 'unet', out, kohya(`lora_unet_${underscored}_to_out_0`)],
    ['kohya', 'text_encoder', textQuery, kohya('lora_te_text_model_encoder_layers_0_self_attn_q_proj')],
    [
      'kohya, numbered',
      'text_encoder',
      textOut,
      kohya('lora_te1_text_model_encoder_layers_0_self_attn_out_proj'),
    ],
    [
      'diffusers',
      'unet',
      query,
      { [`unet.${attention}.to_q.lora.down.weight`]: down, [`unet.${attention}.to_q.lora.up.weight`]: up },
    ],
    [
      'diffusers',
      'unet',
      out,
      {
        [`unet.${attention}.to_out.0.lora.down.weight`]: down,
        [`unet.${attention}.to_out.0.lora.up.weight`]: up,
      },
    ],
    [
      'diffusers',
      'text_encoder',
      textQuery,
      {
        [`text_encoder.${layers}.self_attn.q_proj.lora_linear_layer.down.weight`]: down,
        [`text_encoder.${layers}.self_attn.q_proj.lora_linear_layer.up.weight`]: up,
      },
    ],
    [
      'diffusers before 0.22',
      'unet',
      query,
      { [`unet.${old}.to_q_lora.down.weight`]: down, [`unet.${old}.to_q_lora.up.weight`]: up },
    ],
    [
      'diffusers before 0.17',
      'unet',
      out,
      { [`${old}.to_out_lora.down.weight`]: down, [`${old}.to_out_lora.up.weight`]: up },
    ],
    [
      'diffusers before 0.22',
      'text_encoder',
      textOut,
      {
        [`text_encoder.${layers}.self_attn.to_out_lora.down.weight`]: down,
        [`text_encoder.${layers}.self_attn.to_out_lora.up.weight`]: up,
      },
    ],
    [
      'PEFT in diffusers',
      'unet',
      query,
      { [`unet.${attention}.to_q.lora_A.weight`]: down, [`unet.${attention}.to_q.lora_B.weight`]: up },
    ],
    [
      'PEFT with an adapter name',
      'text_encoder',
      textQuery,
      {
        [`text_encoder.${layers}.self_attn.q_proj.lora_A.default.weight`]: down,
        [`text_encoder.${layers}.self_attn.q_proj.lora_B.default.weight`]: up,
      },
    ],
    [
      "PEFT's own",
      'unet',
      query,
      {
        [`base_model.model.${attention}.to_q.lora_A.weight`]: down,
        [`base_model.model.${attention}.to_q.lora_B.weight`]: up,
      },
    ],
    [
      "PEFT's own",
      'text_encoder',
      textQuery,
      {
        [`base_model.model.${layers}.self_attn.q_proj.lora_A.weight`]: down,
        [`base_model.model.${layers}.self_attn.q_proj.lora_B.weight`]: up,
      },
    ],
  ])('%s, %s: %s', async (_, part, name, tensors) => {
    const checkpoint = await adapt(part, tensors, { strength: 0.5 });
    expect([...(await checkpoint.readTensor(name))]).toEqual(merged(0.5));
    const untouched = [...checkpoint.tensors.keys()].filter((other) => other !== name);
    for (const other of untouched) expect(checkpoint.entry(other).patches).toBeUndefined();
  });
});

describe('scale', () => {
  const layer = `lora_unet_${attention.replaceAll('.', '_')}_to_q`;
  const peft = {
    [`unet.${attention}.to_q.lora_A.weight`]: down,
    [`unet.${attention}.to_q.lora_B.weight`]: up,
  };
  const withMetadata = (fields: object) => {
    const header = JSON.stringify({
      __metadata__: { lora_adapter_metadata: JSON.stringify(fields) },
      [`unet.${attention}.to_q.lora_A.weight`]: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      [`unet.${attention}.to_q.lora_B.weight`]: { dtype: 'F32', shape: [2, 2], data_offsets: [24, 40] },
    });
    return safetensorsFrom(header, new Uint8Array(Float32Array.from([...down.bytes, ...up.bytes]).buffer));
  };
  const path = 'peft/adapter_model.safetensors';
  const config = (fields: object) => ({ 'peft/adapter_config.json': JSON.stringify(fields) });

  it.each<[string, number, () => Promise<Checkpoint>]>([
    ['alpha over rank', 0.5, () => adapt('unet', kohya(layer, 1))],
    ['alpha 0', 0, () => adapt('unet', kohya(layer, 0))],
    ['no alpha', 1, () => adapt('unet', kohya(layer))],
    ['a negative strength', -2, () => adapt('unet', kohya(layer), { strength: -2 })],
    ['diffusers metadata', 4, () => adapt('unet', withMetadata({ 'unet.r': 2, 'unet.lora_alpha': 8 }))],
    [
      'the alpha of one layer',
      1.5,
      () => adapt('unet', withMetadata({ 'unet.lora_alpha': 8, 'unet.alpha_pattern': { 'attn1.to_q': 3 } })),
    ],
    ["PEFT's config", 3, () => adapt('unet', peft, { path, more: config({ r: 2, lora_alpha: 6 }) })],
    [
      'a rank-stabilised LoRA',
      6 / Math.SQRT2,
      () => adapt('unet', peft, { path, more: config({ r: 2, lora_alpha: 6, use_rslora: true }) }),
    ],
  ])('%s', async (_, scale, open) => {
    const values = await (await open()).readTensor(query);
    for (const [i, value] of merged(scale).entries()) expect(values[i]).toBeCloseTo(value, 5);
  });

  it.each([
    [{ lora_alpha: 'x' }, 'config-invalid', 'lora_alpha'],
    [{ lora_alpha: 1, alpha_pattern: [1] }, 'config-invalid', 'alpha_pattern'],
    [{ lora_alpha: 1, use_dora: true }, 'config-unsupported', 'use_dora'],
  ])('refuses %j', async (fields, code, subject) => {
    const opening = adapt('unet', peft, { path, more: config(fields) });
    await expect(opening).rejects.toMatchObject({ code, subject });
  });
});

describe('convolutions', () => {
  const layer = 'lora_unet_down_blocks_0_resnets_0_conv1';

  it('adds to a kernel', async () => {
    const checkpoint = await adapt('unet', {
      [`${layer}.lora_down.weight`]: floats([1, 1, 1, 3], [1, 2, 3]),
      [`${layer}.lora_up.weight`]: floats([2, 1, 1, 1], [10, 100]),
    });
    expect([...(await checkpoint.readTensor(convolution))]).toEqual([11, 21, 31, 102, 202, 302]);
  });

  it('adds to a kernel by way of a middle one', async () => {
    const checkpoint = await adapt('unet', {
      [`${layer}.lora_down.weight`]: floats([2, 1, 1, 1], [1, 2]),
      [`${layer}.lora_mid.weight`]: floats([2, 2, 1, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]),
      [`${layer}.lora_up.weight`]: floats([2, 2, 1, 1], [1, 0, 0, 10]),
    });
    // mid after down: [1, 2, 0] and [2, 2, 3]
    expect([...(await checkpoint.readTensor(convolution))]).toEqual([2, 3, 1, 22, 22, 32]);
  });

  it.each([
    ['a matrix for a 1x1 kernel', down, up],
    ['a 1x1 kernel for a 1x1 kernel', { ...down, shape: [2, 3, 1, 1] }, { ...up, shape: [2, 2, 1, 1] }],
  ])('takes %s', async (_, first, second) => {
    const checkpoint = await adapt('unet', {
      'unet.down_blocks.0.attentions.0.proj_in.lora.down.weight': first,
      'unet.down_blocks.0.attentions.0.proj_in.lora.up.weight': second,
    });
    expect([...(await checkpoint.readTensor(pointwise))]).toEqual(merged(1));
  });
});

describe('reading', () => {
  const layer = `lora_unet_${attention.replaceAll('.', '_')}`;

  it('merges in float32 whatever is stored and wanted', async () => {
    const checkpoint = await adapt('unet', kohya(`${layer}_to_out_0`));
    const bits = await readHalves(checkpoint.files, checkpoint.entry(out));
    const wanted = new Uint16Array(6);
    floatsToHalves(Float32Array.from(merged(1)), wanted);
    expect(bits).toEqual(wanted);
  });

  it('gives rows and slices as it gives the whole', async () => {
    const checkpoint = await adapt('unet', kohya(`${layer}_to_q`));
    expect([...(await checkpoint.readRows(query, [1, 0, 1]))]).toEqual(
      [1, 0, 1].flatMap((row) => merged(1).slice(3 * row, 3 * row + 3)),
    );
    const entry = checkpoint.entry(query);
    const second = { ...entry, shape: [1, 3], begin: entry.begin + 12 };
    expect([...(await readFloats(checkpoint.files, second))]).toEqual(merged(1).slice(3));
  });

  it('gives blocks as it gives the whole', async () => {
    const size = 1500; // 9 MB: three blocks, rows broken between them
    const values = new Float32Array(size * size).fill(1);
    const file = (name: string, shape: readonly number[], bytes: Float32Array) => {
      const header = JSON.stringify({
        [name]: { dtype: 'F32', shape, data_offsets: [0, bytes.byteLength] },
      });
      return safetensorsFrom(header, new Uint8Array(bytes.buffer));
    };
    const first = Float32Array.from({ length: size }, (_, i) => i);
    const files = new MemoryFiles({
      'unet/diffusion_pytorch_model.safetensors': file('x.weight', [size, size], values),
      'lora.safetensors': safetensorsOf({
        'unet.x.lora.down.weight': floats([1, size], [...first]),
        'unet.x.lora.up.weight': floats([size, 1], [...first]),
      }),
    });
    const set = await openAdapters([{ kind: 'lora', files, path: 'lora.safetensors', strength: 1 }]);
    const checkpoint = set.adapt('unet', await openCheckpoint(files, 'unet/diffusion_pytorch_model'));
    const read = await checkpoint.readTensor('x.weight');
    const wrong = read.findIndex((value, at) => value !== 1 + Math.floor(at / size) * (at % size));
    expect(wrong).toBe(-1);
  });

  it('adds adapters to one another', async () => {
    const files = new MemoryFiles({
      ...base,
      'a.safetensors': safetensorsOf(kohya(`${layer}_to_q`)),
      'b.safetensors': safetensorsOf(kohya(`${layer}_to_q`, 1)),
    });
    const adapters = ['a', 'b'].map(
      (name) => ({ kind: 'lora', files, path: `${name}.safetensors`, strength: 1 }) as const,
    );
    const set = await openAdapters(adapters);
    const unet = await openCheckpoint(files, 'unet/diffusion_pytorch_model');
    expect([...(await set.adapt('unet', unet).readTensor(query))]).toEqual(merged(1.5));
    expect(set.key('text_encoder')).toBe('');
    expect(set.key('unet')).not.toBe((await openAdapters(adapters.slice(1))).key('unet'));
  });

  it('is the base itself at strength 0 and where nothing changes a part', async () => {
    const files = new MemoryFiles({ ...base, 'a.safetensors': safetensorsOf(kohya(`${layer}_to_q`)) });
    const lora = { kind: 'lora', files, path: 'a.safetensors' } as const;
    const unet = await openCheckpoint(files, 'unet/diffusion_pytorch_model');
    const none = await openAdapters([{ ...lora, strength: 0 }]);
    expect(none.adapt('unet', unet)).toBe(unet);
    expect(none.key('unet')).toBe('');
    expect((await openAdapters([{ ...lora, strength: 1 }])).adapt('text_encoder', unet)).toBe(unet);
  });
});

describe('refusals', () => {
  it('of names in a time that grows with their length only', () => {
    for (const name of ['lora'.repeat(50_000), `${'.lora_embedding_A'.repeat(20_000)}\n`]) {
      const begun = performance.now();
      expect(() => parseLoraKey(name, 'lora.safetensors')).toThrow(
        expect.objectContaining({ code: 'config-unsupported' }),
      );
      expect(performance.now() - begun).toBeLessThan(1000);
    }
  });

  const known = `unet.${attention}.to_q`;
  const shaped = (shape: readonly number[]) =>
    floats(shape, new Array(shape.reduce((a, b) => a * b, 1)).fill(1));

  it.each<[string, string, string, Tensors]>([
    [
      'a layer that the model lacks',
      'tensor-missing',
      'lora_unet_nowhere.lora_down.weight',
      kohya('lora_unet_nowhere'),
    ],
    ['half a pair', 'tensor-missing', `${known}.lora.down.weight`, { [`${known}.lora.down.weight`]: down }],
    ['an alpha alone', 'tensor-missing', 'lora_unet_x.alpha', { 'lora_unet_x.alpha': floats([], [1]) }],
    ['DoRA', 'config-unsupported', 'lora_unet_x.dora_scale', { 'lora_unet_x.dora_scale': down }],
    ['LoHa', 'config-unsupported', 'lora_unet_x.hada_w1_a', { 'lora_unet_x.hada_w1_a': down }],
    ['LoKr', 'config-unsupported', 'lora_unet_x.lokr_w1', { 'lora_unet_x.lokr_w1': down }],
    ['biases', 'config-unsupported', `${known}.lora_B.bias`, { [`${known}.lora_B.bias`]: down }],
    ['an embedding', 'config-unsupported', 'x.lora_embedding_A', { 'x.lora_embedding_A': down }],
    ['a whole weight', 'config-unsupported', 'conv_in.weight', { 'conv_in.weight': down }],
    [
      'another rank',
      'tensor-mismatch',
      `${known}.lora.down.weight`,
      { [`${known}.lora.down.weight`]: down, [`${known}.lora.up.weight`]: shaped([2, 3]) },
    ],
    [
      'another width',
      'tensor-mismatch',
      `${known}.lora.down.weight`,
      { [`${known}.lora.down.weight`]: shaped([2, 4]), [`${known}.lora.up.weight`]: up },
    ],
    [
      'no rank',
      'tensor-mismatch',
      `${known}.lora.down.weight`,
      { [`${known}.lora.down.weight`]: shaped([0, 3]), [`${known}.lora.up.weight`]: shaped([2, 0]) },
    ],
    [
      'two spellings of one layer',
      'file-malformed',
      `${known}.lora.down.weight`,
      {
        ...kohya(`lora_unet_${attention.replaceAll('.', '_')}_to_q`),
        [`${known}.lora.down.weight`]: down,
        [`${known}.lora.up.weight`]: up,
      },
    ],
    [
      'one matrix twice',
      'file-malformed',
      `${known}.lora_A.weight`,
      { [`${known}.lora.down.weight`]: down, [`${known}.lora_A.weight`]: down },
    ],
    ['an empty file', 'file-malformed', 'lora.safetensors', {}],
  ])('%s, by name', async (_, code, subject, tensors) => {
    await expect(adapt('unet', tensors)).rejects.toMatchObject({ code, subject });
  });

  it.each(['input_blocks_1_1_proj_in', 'middle_block_1_proj_in', 'output_blocks_3_1_proj_in'])(
    'a layer by its name in the original layout, and what to do: %s',
    async (layer) => {
      await expect(adapt('unet', kohya(`lora_unet_${layer}`))).rejects.toMatchObject({
        code: 'tensor-missing',
        remedy: expect.stringMatching(/convert.*original \(ldm\) layout/i),
      });
      await expect(adapt('unet', kohya('lora_te2_x'))).rejects.toMatchObject({
        remedy: expect.stringContaining('of this family'),
      });
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('a strength of %s', async (strength) => {
    const opening = adapt('unet', kohya('lora_unet_x'), { strength });
    await expect(opening).rejects.toMatchObject({ code: 'argument-invalid', subject: 'strength' });
  });

  it('a scale that is no number, when it is read', async () => {
    const layer = `lora_unet_${attention.replaceAll('.', '_')}_to_q`;
    const checkpoint = await adapt('unet', kohya(layer, Number.NaN));
    await expect(checkpoint.readTensor(query)).rejects.toMatchObject({
      code: 'file-malformed',
      subject: `${layer}.alpha`,
    });
  });
});
