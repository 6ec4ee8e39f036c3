import { describe, expect, it, vi } from 'vitest';
import { planExternalData } from '../../engine/onnx/external-data.ts';
import { GraphBuilder } from '../../engine/onnx/graph-builder.ts';
import { relu } from '../../engine/onnx/ops/activation.ts';
import { linear } from '../../engine/onnx/ops/linear.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { mountPieces, mountWhole } from './mount-weights.ts';
import { PiecewiseBlob } from './piecewise-blob.ts';
import { uploadPace } from './upload-pace.ts';

/** In float32 just more than what is converted at once. */
const width = 4096;
const count = width * (width + 16);
const weightBytes = count * 2;

/** One file of float16 ones, of which only `fails` can't be read. */
function halves(fails = false): ModelFiles {
  const ones = new Uint8Array(new Uint16Array(count).fill(0x3c00).buffer);
  return {
    id: 'memory',
    has: async () => true,
    size: async () => weightBytes,
    read: async (_, begin, end) => {
      if (fails) throw new Error('the file is gone');
      return ones.slice(begin, end);
    },
    blob: async () => new Blob([ones]),
  };
}

/** @param dtype that it computes in: float16 takes the file's bytes as they lie */
function planOf(dtype: 'f16' | 'f32') {
  const g = new GraphBuilder({ name: 'wide', dtype });
  const shape = [count / width, width];
  const entry = { name: 'w', dtype: 'f16', shape, file: 'weights', begin: 0, end: weightBytes } as const;
  g.output(relu(g, linear(g, g.floatInput('x', [1, width]), g.parameter(entry))), 'y');
  return planExternalData(g.build());
}

interface Mounted {
  readonly path: string;
  readonly data: Blob;
}

/** As the runtime does. */
async function readPiece(blob: Blob, begin: number, end: number): Promise<Uint8Array> {
  return new Uint8Array(await new Response(blob.slice(begin, end).stream()).arrayBuffer());
}

const room = async () => {};

describe('mountPieces', () => {
  it('converts a tensor when the runtime asks for it, and reads nothing before', async () => {
    const files = halves();
    const read = vi.spyOn(files, 'read');
    const { externalData } = await mountPieces(planOf('f32'), files, undefined, room);
    expect(read).not.toHaveBeenCalled();
    const [packed] = externalData as Mounted[];
    expect(packed?.data).toBeInstanceOf(PiecewiseBlob);
    const bytes = await readPiece(packed!.data, 0, count * 4);
    expect(new Float32Array(bytes.buffer).every((value) => value === 1)).toBe(true);
  });

  it('cuts what lies right out of the file', async () => {
    const { externalData } = await mountPieces(planOf('f16'), halves(), undefined, room);
    const mounted = (externalData as Mounted[]).find(({ path }) => path === 'weights');
    expect([...(await readPiece(mounted!.data, 2, 4))]).toEqual([0x00, 0x3c]);
  });

  it('knows why a piece failed', async () => {
    const { externalData, failure } = await mountPieces(planOf('f32'), halves(true), undefined, room);
    const [packed] = externalData as Mounted[];
    await expect(readPiece(packed!.data, 0, count * 4)).rejects.toThrow();
    expect(failure()).toMatchObject({ message: 'the file is gone' });
  });

  it('stops between pieces when it is cancelled', async () => {
    const signal = { aborted: false };
    const { externalData, failure } = await mountPieces(planOf('f16'), halves(), signal, room);
    const mounted = (externalData as Mounted[]).find(({ path }) => path === 'weights');
    signal.aborted = true;
    await expect(readPiece(mounted!.data, 0, 2)).rejects.toThrow();
    expect(failure()).toMatchObject({ code: 'aborted' });
  });
});

it('reads of a large file without a Blob only what the runtime asks for', async () => {
  const { blob: _, ...files } = halves();
  const sizeBytes = 65 * 2 ** 20;
  const read = vi.spyOn(files, 'read');
  const { externalData } = await mountPieces(
    planOf('f16'),
    { ...files, size: async () => sizeBytes },
    undefined,
    room,
  );
  expect(read).not.toHaveBeenCalled();
  const mounted = (externalData as Mounted[]).find(({ path }) => path === 'weights');
  expect(mounted!.data.size).toBe(sizeBytes);
  expect([...(await readPiece(mounted!.data, 2, 4))]).toEqual([0x00, 0x3c]);
});

it('refuses to read more in one piece than fits, before it reads', async () => {
  const files = { ...halves(), size: async () => 2e9 };
  const read = vi.spyOn(files, 'read');
  await expect(mountWhole(planOf('f16'), files, undefined, 'unet')).rejects.toMatchObject({
    code: 'model-too-large',
    subject: 'unet',
  });
  expect(read).not.toHaveBeenCalled();
});

describe('uploadPace', () => {
  it('waits for the card once 64 MiB are under way, and not before', async () => {
    const onSubmittedWorkDone = vi.fn(async () => undefined);
    const pace = uploadPace(async () => ({ queue: { onSubmittedWorkDone } as unknown as GPUQueue }));
    const mebibyte = 2 ** 20;
    await pace(100 * mebibyte);
    expect(onSubmittedWorkDone).toHaveBeenCalledTimes(0);
    await pace(30 * mebibyte);
    expect(onSubmittedWorkDone).toHaveBeenCalledTimes(1);
    await pace(30 * mebibyte);
    expect(onSubmittedWorkDone).toHaveBeenCalledTimes(1);
    await pace(30 * mebibyte);
    expect(onSubmittedWorkDone).toHaveBeenCalledTimes(2);
  });
});
