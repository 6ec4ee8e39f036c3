/**
 * Packed files as others read them: the format descriptions of safetensors and of diffusers' and transformers' index,
 * step by step over the bytes, with nothing of the engine.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safetensorsOf, type TensorBytes } from '../src/testing/safetensors-bytes.ts';
import { packFolder } from './pack-folder.ts';

const shardBytes = 700;
const stem = 'diffusion_pytorch_model';

/** Odd sizes, so that tensors can't all begin at a multiple of 8 by themselves. */
const floats: Readonly<Record<string, readonly number[]>> = {
  'conv_in.weight': [5, 3, 3, 3],
  'conv_in.bias': [5],
  'a.weight': [7, 11],
  'a.bias': [7],
  scalar: [],
  'b.weight': [13, 5],
  'c.weight': [20, 20],
  empty: [0, 4],
};
const valueAt = (i: number) => Math.fround(Math.sin(i + 1));
const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
const tensors: Record<string, TensorBytes> = {
  ids: { dtype: 'I64', shape: [1, 3], bytes: BigInt64Array.of(0n, 1n, -2n) },
  mask: { dtype: 'BOOL', shape: [3], bytes: Uint8Array.of(1, 0, 1) },
};
for (const [name, shape] of Object.entries(floats)) {
  tensors[name] = {
    dtype: 'F32',
    shape,
    bytes: Float32Array.from({ length: count(shape) }, (_, i) => valueAt(i)),
  };
}

interface Described {
  readonly dtype: 'F16' | 'I64' | 'BOOL';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** One file by the format's description: its tensors with their bytes. */
async function readByHand(path: string): Promise<Map<string, Described & { readonly bytes: Buffer }>> {
  const file = await readFile(path);
  const length = Number(file.readBigUInt64LE(0));
  const text = file.toString('utf8', 8, 8 + length);
  // The description's own words: begins with {, may be padded with spaces; the data after it are aligned so.
  expect(text).toMatch(/^\{.*\} *$/s);
  expect((8 + length) % 8).toBe(0);
  const { __metadata__: metadata, ...header } = JSON.parse(text);
  expect(metadata).toEqual({ format: 'pt' });
  const data = file.subarray(8 + length);
  const sizes = { F16: 2, I64: 8, BOOL: 1 };
  const found = new Map<string, Described & { readonly bytes: Buffer }>();
  let covered = 0;
  const byPlace = Object.entries(header as Record<string, Described>).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  for (const [name, described] of byPlace) {
    const [begin, end] = described.data_offsets;
    expect(Object.keys(described).sort()).toEqual(['data_offsets', 'dtype', 'shape']);
    expect(begin).toBe(covered);
    expect(end - begin).toBe(count(described.shape) * sizes[described.dtype]);
    covered = end;
    found.set(name, { ...described, bytes: data.subarray(begin, end) });
  }
  expect(covered).toBe(data.length);
  return found;
}

/** IEEE 754 binary16, by its definition. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layout-'));
  await mkdir(join(folder, 'in/unet'), { recursive: true });
  await writeFile(join(folder, 'in/model_index.json'), '{}');
  await writeFile(join(folder, 'in/unet', `${stem}.safetensors`), safetensorsOf(tensors));
  await packFolder(join(folder, 'in'), join(folder, 'sharded'), { adapters: [], shardBytes });
  await packFolder(join(folder, 'in'), join(folder, 'whole'), { adapters: [] });
});
afterAll(() => rm(folder, { recursive: true }));

const inside = (name: string, packed = 'sharded') => join(folder, packed, 'unet', name);

describe('a packed network', () => {
  it.each(['whole', 'sharded'])('has every tensor once, with its values: %s', async (packed) => {
    const names = (await readdir(inside('', packed))).filter((name) => name.endsWith('.safetensors'));
    const found = (await Promise.all(names.map((name) => readByHand(inside(name, packed))))).flatMap(
      (file) => [...file],
    );
    expect(found.map(([name]) => name).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { dtype, shape, bytes }] of found) {
      const { bytes: stored, ...wanted } = tensors[name]!;
      expect({ dtype, shape }).toEqual({ ...wanted, dtype: wanted.dtype === 'F32' ? 'F16' : wanted.dtype });
      if (dtype !== 'F16') {
        expect(Buffer.from(stored.buffer as ArrayBuffer).equals(bytes)).toBe(true);
        continue;
      }
      for (let i = 0; i < count(shape); i++) {
        const apart = Math.abs(halfValue(bytes.readUInt16LE(2 * i)) - valueAt(i));
        // Half of the last bit of ten.
        expect(apart).toBeLessThanOrEqual(Math.abs(valueAt(i)) * 2 ** -11 + 2 ** -25);
      }
    }
  });

  it('is named, indexed and sized as diffusers does it', async () => {
    const names = (await readdir(inside(''))).sort();
    const shards = names.filter((name) => name.endsWith('.safetensors'));
    expect(shards.length).toBeGreaterThan(2);
    const numbered = (i: number) => String(i).padStart(5, '0');
    expect(shards).toEqual(
      shards.map((_, i) => `${stem}-${numbered(i + 1)}-of-${numbered(shards.length)}.safetensors`),
    );
    expect(names.filter((name) => !shards.includes(name))).toEqual([`${stem}.safetensors.index.json`]);

    const index = JSON.parse(await readFile(inside(`${stem}.safetensors.index.json`), 'utf8'));
    const weightMap: Record<string, string> = {};
    let totalSize = 0;
    for (const shard of shards) {
      const file = await readByHand(inside(shard));
      // A tensor that is larger than a shard has one of its own.
      if (file.size > 1) expect((await readFile(inside(shard))).length).toBeLessThanOrEqual(shardBytes);
      for (const [name, { bytes }] of file) {
        weightMap[name] = shard;
        totalSize += bytes.length;
      }
    }
    expect(index).toEqual({ metadata: { total_size: totalSize }, weight_map: weightMap });
  });
});
