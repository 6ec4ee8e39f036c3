/** Base + strength · (finetuned - original), tensor by tensor. */
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { safetensorsOf, type TensorBytes } from '../../testing/safetensors-bytes.ts';
import { floatsToHalves } from '../core/float16.ts';
import { openAdapters } from './adapter.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoint } from './open-checkpoint.ts';

const floats = (shape: readonly number[], values: readonly number[]): TensorBytes => ({
  dtype: 'F32',
  shape,
  bytes: Float32Array.from(values),
});
const halves = (shape: readonly number[], values: readonly number[]): TensorBytes => {
  const bytes = new Uint16Array(values.length);
  floatsToHalves(Float32Array.from(values), bytes);
  return { dtype: 'F16', shape, bytes };
};

const base = { 'a.weight': floats([2, 2], [1, 2, 3, 4]), 'b.bias': halves([2], [1, 1]) };
const finetuned = { 'a.weight': halves([2, 2], [1.5, 2, 2, 0]), 'b.bias': floats([2], [0.25, 0]) };
const original = { 'a.weight': floats([2, 2], [1, 2, 3, 1]), 'b.bias': halves([2], [0, 0]) };

type Tensors = Readonly<Record<string, TensorBytes>>;

async function adapt(
  tensors: Record<'base' | 'plus' | 'minus', Tensors>,
  strength: number,
): Promise<Checkpoint> {
  const files = new MemoryFiles({
    'base/unet/diffusion_pytorch_model.safetensors': safetensorsOf(tensors.base),
    'plus/diffusion_pytorch_model.fp16.safetensors': safetensorsOf(tensors.plus),
    'diffusion_pytorch_model.safetensors': safetensorsOf(tensors.minus),
  });
  const set = await openAdapters([
    {
      kind: 'delta',
      part: 'unet',
      finetuned: { files, folder: 'plus' },
      original: { files, folder: '' },
      strength,
    },
  ]);
  return set.adapt('unet', await openCheckpoint(files, 'base/unet/diffusion_pytorch_model'));
}

const all = { base, plus: finetuned, minus: original };

describe('the difference of two checkpoints', () => {
  it('is added, whatever type each is stored in', async () => {
    const checkpoint = await adapt(all, 1);
    expect([...(await checkpoint.readTensor('a.weight'))]).toEqual([1.5, 2, 2, 3]);
    expect([...(await checkpoint.readTensor('b.bias'))]).toEqual([1.25, 1]);
  });

  it('is added in part, and not at all', async () => {
    expect([...(await (await adapt(all, 0.5)).readTensor('a.weight'))]).toEqual([1.25, 2, 2.5, 3.5]);
    const none = await adapt(all, 0);
    expect([...none.tensors.values()].filter(({ patches }) => patches)).toEqual([]);
  });

  it('is added to rows', async () => {
    expect([...(await (await adapt(all, 1)).readRows('a.weight', [1]))]).toEqual([2, 3]);
  });

  it('leaves integers alone', async () => {
    const ids = { dtype: 'I64', shape: [1], bytes: BigInt64Array.of(7n) };
    const checkpoint = await adapt({ ...all, base: { ...base, position_ids: ids } }, 1);
    expect(checkpoint.entry('position_ids').patches).toBeUndefined();
  });

  const { 'b.bias': _, ...less } = finetuned;
  it.each<[string, string, string, Partial<typeof all>]>([
    ['a tensor that the finetuned one lacks', 'tensor-missing', 'b.bias', { plus: less as typeof finetuned }],
    [
      'a tensor that the base lacks',
      'tensor-missing',
      'b.bias',
      { base: { 'a.weight': base['a.weight'] } as typeof base },
    ],
    [
      'another shape',
      'tensor-mismatch',
      'a.weight',
      { minus: { ...original, 'a.weight': floats([4], [1, 2, 3, 4]) } },
    ],
  ])('refuses %s, by name', async (_, code, subject, changed) => {
    await expect(adapt({ ...all, ...changed }, 1)).rejects.toMatchObject({ code, subject });
  });
});
