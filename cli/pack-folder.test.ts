/** A packed copy: float16 in shards, hashed, whole; our own engine draws the same from it. */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { safetensorsOf } from '../src/testing/safetensors-bytes.ts';
import { loraOption } from './adapter-option.ts';
import { hashesPath, packFolder } from './pack-folder.ts';

const floats = (shape: readonly number[], values: readonly number[]) => ({
  dtype: 'F32',
  shape,
  bytes: Float32Array.from(values),
});

let folder: string;
let input: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pack-'));
  input = join(folder, 'in');
  for (const name of ['unet', 'text_encoder', 'tokenizer', '.cache']) {
    await mkdir(join(input, name), { recursive: true });
  }
  const write = (path: string, content: string | Uint8Array) => writeFile(join(input, path), content);
  await write('model_index.json', '{"_class_name": "StableDiffusionPipeline"}');
  await write('unet/config.json', '{"sample_size": 8}');
  await write('tokenizer/vocab.json', '{}');
  await write('.cache/note', 'no part of the model');
  await write(
    'unet/diffusion_pytorch_model.safetensors',
    safetensorsOf({
      'a.bias': floats([3], [1, 2, 3]),
      'a.weight': floats(
        [3, 4],
        Array.from({ length: 12 }, (_, i) => i + 1 / 3),
      ),
      'b.weight': floats([2, 2, 1, 1], [-1, 0.1, 65504, 1e-7]),
    }),
  );
  await write('unet/diffusion_pytorch_model.bin', 'pickled');
  await write(
    'text_encoder/model.safetensors',
    safetensorsOf({
      'text_model.embeddings.position_ids': { dtype: 'I64', shape: [1, 2], bytes: BigInt64Array.of(0n, 1n) },
      'text_model.x.weight': {
        dtype: 'BF16',
        shape: [2, 2],
        bytes: Uint16Array.of(0x3f80, 0xbf80, 0, 0x4000),
      },
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const names = async (path: string) => (await readdir(path)).sort();

describe('packFolder', () => {
  it('keeps every tensor as its nearest float16, integers and small files as they are', async () => {
    const out = join(folder, 'whole');
    const packed = await packFolder(input, out, { adapters: [] });
    expect(await names(out)).toEqual(['model_index.json', hashesPath, 'text_encoder', 'tokenizer', 'unet']);
    expect(await names(join(out, 'unet'))).toEqual(['config.json', 'diffusion_pytorch_model.safetensors']);
    const unet = await openCheckpoint(new DirectoryFiles(out), 'unet/diffusion_pytorch_model');
    expect([...unet.tensors.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['a.weight', 'f16', [3, 4]],
      ['b.weight', 'f16', [2, 2, 1, 1]],
      ['a.bias', 'f16', [3]],
    ]);
    expect(unet.entry('a.weight').begin % 8).toBe(0);
    const [minusOne, tenth, largest, tiny] = await unet.readTensor('b.weight');
    expect([minusOne, largest]).toEqual([-1, 65504]);
    expect(tenth).toBe(0.0999755859375);
    expect(tiny).toBe(1.1920928955078125e-7);
    const text = await openCheckpoint(new DirectoryFiles(out), 'text_encoder/model');
    expect([...(await text.readTensor('text_model.embeddings.position_ids'))]).toEqual([0, 1]);
    expect(text.entry('text_model.embeddings.position_ids').dtype).toBe('i64');
    expect([...(await text.readTensor('text_model.x.weight'))]).toEqual([1, -1, 0, 2]);

    const { files } = JSON.parse(await readFile(join(out, hashesPath), 'utf8'));
    expect(Object.keys(files).sort()).toEqual(packed.map(({ path }) => path).sort());
    for (const { path, sizeBytes, sha256 } of packed) {
      const bytes = await readFile(join(out, path));
      expect([sizeBytes, sha256]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')]);
      expect(files[path]).toEqual({ sizeBytes, sha256 });
    }
  });

  it('cuts weights into shards with an index, as diffusers writes them', async () => {
    const out = join(folder, 'sharded');
    await packFolder(input, out, { adapters: [], shardBytes: 250 });
    const stem = 'diffusion_pytorch_model';
    expect(await names(join(out, 'unet'))).toEqual([
      'config.json',
      `${stem}-00001-of-00002.safetensors`,
      `${stem}-00002-of-00002.safetensors`,
      `${stem}.safetensors.index.json`,
    ]);
    const index = JSON.parse(await readFile(join(out, `unet/${stem}.safetensors.index.json`), 'utf8'));
    expect(index).toEqual({
      metadata: { total_size: 2 * (3 + 12 + 4) },
      weight_map: {
        'a.weight': `${stem}-00001-of-00002.safetensors`,
        'a.bias': `${stem}-00001-of-00002.safetensors`,
        'b.weight': `${stem}-00002-of-00002.safetensors`,
      },
    });
    const unet = await openCheckpoint(new DirectoryFiles(out), `unet/${stem}`);
    expect([...(await unet.readTensor('a.bias'))]).toEqual([1, 2, 3]);
    // A packed copy can be packed again, and stays what it is.
    const again = join(folder, 'again');
    await packFolder(out, again, { adapters: [] });
    expect(await names(join(again, 'unet'))).toEqual(['config.json', `${stem}.safetensors`]);
    const whole = await readFile(join(folder, 'whole/unet', `${stem}.safetensors`));
    expect(await readFile(join(again, 'unet', `${stem}.safetensors`))).toEqual(whole);
  });

  it('merges adapters for good', async () => {
    const lora = join(folder, 'lora.safetensors');
    await writeFile(
      lora,
      safetensorsOf({
        'unet.a.lora_A.weight': floats([1, 4], [1, 0, 0, 0]),
        'unet.a.lora_B.weight': floats([3, 1], [2, 4, 6]),
      }),
    );
    const out = join(folder, 'merged');
    await packFolder(input, out, { adapters: [loraOption(`${lora}:0.5`)] });
    const unet = await openCheckpoint(new DirectoryFiles(out), 'unet/diffusion_pytorch_model');
    const found = await unet.readTensor('a.weight');
    const wanted = [1 + 1 / 3, 1 + 1 / 3, 2 + 1 / 3];
    for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 2);
    expect(found[4]).toBeCloseTo(4 + 1 / 3 + 2, 2);
  });

  it('refuses what it can not pack, by name', async () => {
    await expect(packFolder(input, input, { adapters: [] })).rejects.toMatchObject({
      code: 'argument-invalid',
      subject: input,
    });
    const wide = join(folder, 'wide');
    await cp(input, wide, { recursive: true });
    await writeFile(
      join(wide, 'unet/diffusion_pytorch_model.safetensors'),
      safetensorsOf({ 'a.weight': floats([1], [65520]) }),
    );
    await expect(packFolder(wide, join(folder, 'x'), { adapters: [] })).rejects.toMatchObject({
      code: 'non-finite',
      subject: expect.stringContaining('a.weight'),
    });
    await rm(join(wide, 'unet/diffusion_pytorch_model.safetensors'));
    await expect(packFolder(wide, join(folder, 'y'), { adapters: [] })).rejects.toMatchObject({
      code: 'file-not-found',
      subject: expect.stringContaining('unet'),
    });
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await expect(packFolder(empty, join(folder, 'z'), { adapters: [] })).rejects.toMatchObject({
      code: 'file-not-found',
      subject: 'model_index.json',
    });
  });
});
