import { describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { safetensorsOf } from '../../testing/safetensors-bytes.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { readRows } from './read-rows.ts';
import { blockBytes } from './read-tensor.ts';

const matrix = new Float32Array(30).map((_, i) => i);
const bytes = safetensorsOf({
  wide: { dtype: 'F32', shape: [10, 3], bytes: matrix },
  line: { dtype: 'F32', shape: [2], bytes: new Float32Array(2) },
});

describe('Checkpoint.readRows', () => {
  it('gives rows in the order asked for, equal ones read once, adjacent ones together', async () => {
    const files = new MemoryFiles({ 'm.safetensors': bytes });
    const checkpoint = await openCheckpoint(files, 'm');
    files.reads.length = 0;
    const rows = await checkpoint.readRows('wide', [9, 2, 4, 3, 9, 0]);
    expect([...rows]).toEqual([27, 28, 29, 6, 7, 8, 12, 13, 14, 9, 10, 11, 27, 28, 29, 0, 1, 2]);
    const { begin } = checkpoint.entry('wide');
    expect(files.reads.map((read) => [read.begin - begin, read.end - begin])).toEqual([
      [0, 12],
      [24, 60],
      [108, 120],
    ]);
    expect(await checkpoint.readRows('wide', [])).toHaveLength(0);
  });

  it.each([-1, 10, 0.5, Number.NaN])('refuses row %s', async (row) => {
    const checkpoint = await openCheckpoint(new MemoryFiles({ 'm.safetensors': bytes }), 'm');
    await expect(checkpoint.readRows('wide', [0, row])).rejects.toMatchObject({
      code: 'argument-invalid',
      subject: 'm.safetensors: wide',
    });
  });

  it('refuses a tensor without rows', async () => {
    const checkpoint = await openCheckpoint(new MemoryFiles({ 'm.safetensors': bytes }), 'm');
    await expect(checkpoint.readRows('line', [0])).rejects.toMatchObject({ code: 'tensor-mismatch' });
  });

  it('keeps single reads to a block', async () => {
    const columns = blockBytes / 2;
    const file = new Uint8Array(3 * columns);
    const entry = {
      name: 't',
      dtype: 'u8',
      shape: [3, columns],
      file: 'f',
      begin: 0,
      end: file.length,
    } as const;
    file
      .fill(1, 0, columns)
      .fill(2, columns, 2 * columns)
      .fill(3, 2 * columns);
    const files = new MemoryFiles({ f: file });

    const rows = await readRows(files, entry, [2, 1, 0]);
    expect([rows[0], rows[columns], rows[2 * columns]]).toEqual([3, 2, 1]);
    expect(files.reads.map(({ begin, end }) => end - begin)).toEqual([blockBytes, columns]);
  });

  it('gives the same as the whole tensor for stored halves', async () => {
    const checkpoint = await openCheckpoint(
      new DirectoryFiles('fixtures/reference/e2e/text_encoder'),
      'model',
    );
    const name = 'text_model.embeddings.token_embedding.weight';
    const [rowCount, columns] = checkpoint.entry(name).shape as [number, number];
    const whole = await checkpoint.readTensor(name);
    const asked = [rowCount - 1, 0, 7, 8];
    const rows = await checkpoint.readRows(name, asked);
    for (const [place, row] of asked.entries()) {
      expect(rows.subarray(place * columns, (place + 1) * columns)).toEqual(
        whole.subarray(row * columns, (row + 1) * columns),
      );
    }
  });
});
