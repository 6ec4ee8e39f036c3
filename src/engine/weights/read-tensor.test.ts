import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import type { DType } from '../core/dtype.ts';
import { halfToFloat } from '../core/float16.ts';
import { blockBytes, readFloats, readHalves, readTensorInto } from './read-tensor.ts';
import type { TensorEntry } from './tensor-entry.ts';

/** A tensor that begins `offset` bytes into a file. */
function tensorIn(dtype: DType, values: ArrayBufferView, offset = 0): [MemoryFiles, TensorEntry] {
  const bytes = new Uint8Array(offset + values.byteLength);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
  const elements = (values as Uint8Array).length;
  const entry = { name: 't', dtype, shape: [elements], file: 'f', begin: offset, end: bytes.length };
  return [new MemoryFiles({ f: bytes }), entry];
}

describe('readFloats', () => {
  it.each([
    ['f64', new Float64Array([1.5, -2, 1e-300]), [1.5, -2, 0]],
    ['f32', new Float32Array([1.5, -2, 3.25]), [1.5, -2, 3.25]],
    ['f16', new Uint16Array([0x3e00, 0xc000, 0x0001]), [1.5, -2, 2 ** -24]],
    ['bf16', new Uint16Array([0x3fc0, 0xc000, 0x4050]), [1.5, -2, 3.25]],
    ['i64', new BigInt64Array([1n, -2n, 2n ** 24n]), [1, -2, 2 ** 24]],
    ['i32', new Int32Array([1, -2, 2 ** 24]), [1, -2, 2 ** 24]],
    ['u8', new Uint8Array([0, 1, 255]), [0, 1, 255]],
    ['bool', new Uint8Array([0, 1, 1]), [0, 1, 1]],
  ] as const)('converts %s, at any offset', async (dtype, stored, expected) => {
    for (let offset = 0; offset < 9; offset++) {
      const [files, entry] = tensorIn(dtype, stored, offset);
      expect([...(await readFloats(files, entry))]).toEqual(expected);
    }
  });

  it('converts a view that begins at an odd address', async () => {
    const [files, entry] = tensorIn('f32', new Float32Array([1.5, -2]));
    const { read } = files;
    files.read = async (path, begin, end) => {
      const bytes = new Uint8Array(end - begin + 3);
      bytes.set(await read.call(files, path, begin, end), 3);
      return bytes.subarray(3);
    };
    expect([...(await readFloats(files, entry))]).toEqual([1.5, -2]);
  });

  it('reads a large tensor in blocks, and stops between them when told', async () => {
    const halves = new Uint16Array(blockBytes + 5).map((_, i) => i % 0x7c00);
    const [files, entry] = tensorIn('f16', halves, 2);
    const floats = await readFloats(files, entry);
    expect(files.reads.map(({ begin, end }) => end - begin)).toEqual([blockBytes, blockBytes, 10]);
    for (const i of [0, blockBytes / 2 - 1, blockBytes / 2, blockBytes - 1, blockBytes, blockBytes + 4]) {
      expect(floats[i]).toBe(halfToFloat(halves[i]!));
    }
    const signal = { aborted: false };
    const { read } = files;
    files.reads.length = 0;
    files.read = (path, begin, end) => {
      signal.aborted = true;
      return read.call(files, path, begin, end);
    };
    await expect(readFloats(files, entry, signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(files.reads).toHaveLength(1);
  });

  it('notices files that give fewer bytes than asked for', async () => {
    const [files, entry] = tensorIn('f32', new Float32Array(4));
    files.read = async () => new Uint8Array(3);
    await expect(readFloats(files, entry)).rejects.toMatchObject({ code: 'file-malformed', subject: 'f' });
  });
});

describe('readHalves', () => {
  it('keeps stored halves bit for bit and rounds the rest', async () => {
    const bits = new Uint16Array([0x0001, 0x7bff, 0x7e01, 0xfc00]);
    expect([...(await readHalves(...tensorIn('f16', bits, 1)))]).toEqual([...bits]);
    const floats = new Float32Array([1, 65504, 65520, -(2 ** -24)]);
    expect([...(await readHalves(...tensorIn('f32', floats, 1)))]).toEqual([0x3c00, 0x7bff, 0x7c00, 0x8001]);
  });
});

describe('readTensorInto', () => {
  it('refuses memory of another size', async () => {
    const [files, entry] = tensorIn('f32', new Float32Array(4));
    await expect(readTensorInto(files, entry, new Float32Array(5))).rejects.toMatchObject({
      code: 'argument-invalid',
    });
  });
});
