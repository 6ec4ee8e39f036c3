import { describe, expect, it } from 'vitest';
import { runGraph } from '../../testing/run-graph.ts';
import type { DType } from '../core/dtype.ts';
import { dtypeSizes } from '../core/dtype.ts';
import { floatToHalf } from '../core/float16.ts';
import { elementCount, floatTensor } from '../core/tensor.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import { fillPacked, planExternalData } from './external-data.ts';
import { GraphBuilder } from './graph-builder.ts';
import { add, multiply } from './ops/elementwise.ts';
import { linear } from './ops/linear.ts';
import { printGraph } from './print-graph.ts';

/** One file 'weights.bin' of the given bytes; counts the reads. */
function memoryFiles(bytes: Uint8Array): ModelFiles & { reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    id: 'memory',
    reads,
    has: async (path) => path === 'weights.bin',
    size: async () => bytes.length,
    async read(_path, begin, end) {
      reads.push([begin, end]);
      return new Uint8Array(bytes.slice(begin, end));
    },
  };
}

function entryAt(name: string, dtype: DType, shape: number[], begin: number): TensorEntry {
  return {
    name,
    dtype,
    shape,
    file: 'weights.bin',
    begin,
    end: begin + elementCount(shape) * dtypeSizes[dtype],
  };
}

/** w: f32 [2, 3] at 0; b: f16 [2] at 24; c: bf16 [2] at 28; odd: f32 [2] at 34. */
function exampleFile(): Uint8Array {
  const bytes = new Uint8Array(42);
  bytes.set(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer), 0);
  bytes.set(new Uint8Array(Uint16Array.of(floatToHalf(0.5), floatToHalf(-1)).buffer), 24);
  bytes.set(new Uint8Array(Uint16Array.of(0x4000, 0x4040).buffer), 28); // 2, 3
  bytes.set(new Uint8Array(Float32Array.of(10, 20).buffer), 34);
  return bytes;
}

const entries = {
  w: entryAt('w', 'f32', [2, 3], 0),
  b: entryAt('b', 'f16', [2], 24),
  c: entryAt('c', 'bf16', [2], 28),
  odd: entryAt('odd', 'f32', [2], 34),
};

function exampleGraph(dtype: 'f32' | 'f16' = 'f32') {
  const g = new GraphBuilder({ name: 'example', dtype });
  const x = g.floatInput('x', ['batch', 3]);
  g.scope('block.0', () => {
    const y = linear(g, x, g.parameter(entries.w), g.parameter(entries.b));
    const sum = g.derivedParameter('c + odd', [2], [entries.c, entries.odd], ([c, odd]) =>
      c!.map((value, i) => value + odd![i]!),
    );
    const z = multiply(g, add(g, y, g.parameter(entries.odd)), sum);
    g.output(add(g, z, g.constant([0.25], [])), 'z');
  });
  return g.build();
}

describe('external data', () => {
  it('references what the runtime can take and copies the rest', () => {
    const plan = planExternalData(exampleGraph());
    expect(Object.fromEntries(plan.placements)).toMatchObject({
      w: { kind: 'referenced', file: 'weights.bin', offset: 0, sizeBytes: 24 },
      b: { kind: 'packed', sizeBytes: 8 },
      odd: { kind: 'packed', sizeBytes: 8 },
      'c + odd': { kind: 'packed', sizeBytes: 8 },
      'constant.0': { kind: 'inline' },
    });
    expect(plan.referencedFiles).toEqual(['weights.bin']);
    for (const { offset } of plan.packed) expect(offset % 64).toBe(0);
  });

  it('runs in onnxruntime with both kinds', async () => {
    const feeds = { x: floatTensor([2, 3], Float32Array.of(1, 0, 0, 1, 1, 1)) };
    const { z } = await runGraph(exampleGraph(), memoryFiles(exampleFile()), feeds);
    // (w x + b + odd) * (c + odd) + 0.25
    expect([...z!]).toEqual([11.5 * 12 + 0.25, 23 * 23 + 0.25, 16.5 * 12 + 0.25, 34 * 23 + 0.25]);
  });

  it('computes in float16 between float32 inputs and outputs', async () => {
    const feeds = { x: floatTensor([1, 3], Float32Array.of(1, 0, 0)) };
    const { z } = await runGraph(exampleGraph('f16'), memoryFiles(exampleFile()), feeds);
    const wanted = [138.25, 529.25];
    for (const [i, value] of z!.entries()) expect(Math.abs(value / wanted[i]! - 1)).toBeLessThan(2 ** -10);
  });

  it('reads neighbours together and stops when told', async () => {
    const files = memoryFiles(exampleFile());
    await fillPacked(planExternalData(exampleGraph()), files);
    expect(files.reads).toEqual([
      [24, 32],
      [34, 42],
    ]);
    await expect(
      fillPacked(planExternalData(exampleGraph()), files, { aborted: true }),
    ).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('prints', () => {
    expect(printGraph(exampleGraph())).toMatchInlineSnapshot(`
      "example (opset 20)
      in  x: f32[batch, 3]
      par w: f32[2, 3] (f32)
      par b: f32[2] (f16)
      par c + odd: f32[2] (derived from c, odd)
      par odd: f32[2] (f32)
      block.0/Gemm: f32[batch, 2] = Gemm(x, w, b) transB=1
      block.0/Add: f32[batch, 2] = Add(block.0/Gemm, odd)
      block.0/Mul: f32[batch, 2] = Mul(block.0/Add, c + odd)
      block.0/Add_2: f32[batch, 2] = Add(block.0/Mul, 0.25)
      z: f32[batch, 2] = Identity(block.0/Add_2)
      out z: f32[batch, 2]"
    `);
  });
});
