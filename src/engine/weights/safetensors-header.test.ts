import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { safetensorsFrom, safetensorsOf } from '../../testing/safetensors-bytes.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';

const file = 'unet/model.safetensors';
const read = (bytes: Uint8Array) => readSafetensorsHeader(new MemoryFiles({ [file]: bytes }), file);

const valid = safetensorsOf({
  weight: { dtype: 'F32', shape: [2, 2], bytes: new Float32Array([1, 2, 3, 4]) },
  bias: { dtype: 'F16', shape: [3], bytes: new Uint16Array(3) },
});

describe('readSafetensorsHeader', () => {
  it('gives entries with positions in the file', async () => {
    const { tensors, metadata } = await read(valid);
    const dataBegin = valid.length - 22;
    expect(tensors).toEqual([
      { name: 'weight', dtype: 'f32', shape: [2, 2], file, begin: dataBegin, end: dataBegin + 16 },
      { name: 'bias', dtype: 'f16', shape: [3], file, begin: dataBegin + 16, end: dataBegin + 22 },
    ]);
    expect(metadata).toEqual(new Map([['format', 'pt']]));
  });

  it('takes scalars, empty tensors, names like __proto__ and no tensors at all', async () => {
    const header =
      '{"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
      '"e":{"dtype":"BF16","shape":[9007199254740991,9007199254740991,0],"data_offsets":[4,4]},' +
      '"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}   ';
    const { tensors } = await read(safetensorsFrom(header, new Uint8Array(5)));
    expect(tensors.map((tensor) => tensor.name)).toEqual(['s', 'e', '__proto__']);
    expect((await read(safetensorsFrom('{}', new Uint8Array()))).tensors).toEqual([]);
  });

  it('reads nothing but the header', async () => {
    const files = new MemoryFiles({ [file]: valid });
    await readSafetensorsHeader(files, file);
    expect(Math.max(...files.reads.map(({ end }) => end))).toBe(valid.length - 22);
  });

  it.each([1, 7, 8, 9, 40, valid.length - 23, valid.length - 1])(
    'refuses a file cut to %i bytes',
    async (length) => {
      await expect(read(valid.slice(0, length))).rejects.toMatchObject({
        code: 'file-malformed',
        subject: expect.stringContaining(file),
      });
    },
  );

  it('refuses an empty file and one with a rest', async () => {
    await expect(read(new Uint8Array())).rejects.toMatchObject({ code: 'file-malformed', subject: file });
    const rest = new Uint8Array([...valid, 0]);
    await expect(read(rest)).rejects.toMatchObject({
      code: 'file-malformed',
      found: `${rest.length} bytes`,
      wanted: `${valid.length} bytes`,
    });
  });

  it.each([0n, 1n, 100_000_001n, 2n ** 53n + 1n, 2n ** 64n - 1n])(
    'refuses a header length of %s',
    async (length) => {
      const files = new MemoryFiles({ [file]: safetensorsFrom('{}', new Uint8Array(4), length) });
      await expect(readSafetensorsHeader(files, file)).rejects.toMatchObject({
        code: 'file-malformed',
        subject: file,
        found: expect.stringContaining(`${length} bytes`),
      });
      expect(files.reads).toEqual([{ path: file, begin: 0, end: 8 }]);
    },
  );

  it('refuses a header over 100 MB even where the file is as large as that', async () => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, 100_000_001n, true);
    const files = new MemoryFiles({ [file]: bytes });
    files.size = async () => 4_000_000_000;
    await expect(readSafetensorsHeader(files, file)).rejects.toMatchObject({ code: 'file-malformed' });
  });

  const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  it.each([
    ['no JSON', '{"a":'],
    ['an array', '[]'],
    ['a number', '42'],
    ['a byte order mark', `\uFEFF{"a":${entry}}`],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a name given twice', `{"a":${entry},"a":${entry}}`],
    ['a name given twice in disguise', `{"a":${entry},"\\u0061":${entry}}`],
    ['a field given twice', '{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}'],
    ['metadata that is no map', `{"__metadata__":["x"],"a":${entry}}`],
    ['metadata with a number', `{"__metadata__":{"x":1},"a":${entry}}`],
    ['null metadata', `{"__metadata__":null,"a":${entry}}`],
  ])('refuses a header with %s', async (_, header) => {
    await expect(read(safetensorsFrom(header, new Uint8Array(4)))).rejects.toMatchObject({
      code: 'file-malformed',
      subject: expect.stringContaining(file),
      remedy: expect.any(String),
    });
  });

  it.each([
    ['null', 'file-malformed'],
    ['[]', 'file-malformed'],
    ['{"dtype":"F32","shape":[1]}', 'file-malformed'],
    ['{"shape":[1],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":"1","data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[0.5,2],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[null],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1e300,1e300],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[2],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F64","shape":[1],"data_offsets":[0,4]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1],"data_offsets":[0]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1],"data_offsets":[4,0]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1],"data_offsets":[4,8]}', 'file-malformed'],
    ['{"dtype":"F32","shape":[1],"data_offsets":[1e15,1000000000000004]}', 'file-malformed'],
    ['{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}', 'tensor-mismatch'],
    ['{"dtype":"f32","shape":[1],"data_offsets":[0,4]}', 'tensor-mismatch'],
    ['{"dtype":"constructor","shape":[1],"data_offsets":[0,4]}', 'tensor-mismatch'],
  ])('refuses the tensor %s', async (description, code) => {
    const bytes = safetensorsFrom(`{"down.weight":${description}}`, new Uint8Array(4));
    await expect(read(bytes)).rejects.toMatchObject({
      code,
      subject: `${file}: down.weight`,
      found: expect.any(String),
      wanted: expect.any(String),
    });
  });

  it('says that a tensor lies outside the file, not merely that something is left over', async () => {
    const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    await expect(read(safetensorsFrom(header, new Uint8Array(4)))).rejects.toMatchObject({
      code: 'file-malformed',
      message: expect.stringContaining('outside the file'),
      found: '[0,8]',
      wanted: 'at most 4',
    });
  });

  const pair = (first: string, second: string) =>
    `{"a":{"dtype":"U8","shape":[4],"data_offsets":[${first}]},"b":{"dtype":"U8","shape":[4],"data_offsets":[${second}]}}`;
  it.each([
    ['overlap in part', pair('0,4', '3,7'), 7, 'b'],
    ['overlap wholly', pair('0,4', '0,4'), 4, 'b'],
    ['leave a hole between them', pair('0,4', '5,9'), 9, 'b'],
    ['leave a hole before them', pair('1,5', '5,9'), 9, 'a'],
    ['leave a hole, in another order', pair('5,9', '0,4'), 9, 'a'],
  ])('refuses tensors that %s', async (_, header, size, name) => {
    await expect(read(safetensorsFrom(header, new Uint8Array(size)))).rejects.toMatchObject({
      code: 'file-malformed',
      subject: `${file}: ${name}`,
    });
  });

  it('refuses a name that no layer can have, and cuts it', async () => {
    const header = (length: number) =>
      `{"${'a'.repeat(length)}":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`;
    expect((await read(safetensorsFrom(header(1024), new Uint8Array(4)))).tensors).toHaveLength(1);
    const error = await read(safetensorsFrom(header(1025), new Uint8Array(4))).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'file-malformed', found: '1025 characters' });
    expect(`${error.message}${error.subject}`.length).toBeLessThan(500);
  });

  it('cuts what it quotes', async () => {
    const header = `{"a":{"dtype":"${'x'.repeat(100_000)}","shape":[],"data_offsets":[0,4]}}`;
    const error = await read(safetensorsFrom(header, new Uint8Array(4))).catch((thrown) => thrown);
    expect(error.message.length).toBeLessThan(300);
  });
});
