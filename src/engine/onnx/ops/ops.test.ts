import { describe, expect, it, vi } from 'vitest';
import { relativeError } from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import { tensorIndex } from '../../../testing/tensor-index.ts';
import { gaussianNoise } from '../../core/noise.ts';
import { floatTensor } from '../../core/tensor.ts';
import type { ModelFiles } from '../../weights/model-files.ts';
import type { Shape, Value } from '../graph.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { printGraph } from '../print-graph.ts';
import { type AttentionOptions, attention } from './attention.ts';
import { conv } from './convolution.ts';
import { add } from './elementwise.ts';
import { linear, matmul } from './linear.ts';
import { groupNorm, layerNorm } from './normalization.ts';
import { depthToSpace, upsampleNearest } from './resize.ts';
import { concat, reshape, slice, split, transpose } from './shape.ts';
import { upsampledConv } from './upsampled-convolution.ts';

vi.setConfig({ testTimeout: 60_000 });

const noFiles: ModelFiles = {
  id: 'none',
  has: async () => false,
  size: async () => 0,
  read: async () => {
    throw new Error('These graphs have no parameters.');
  },
};

function noise(seed: number, ...shape: number[]) {
  return floatTensor(
    shape,
    gaussianNoise(
      shape.reduce((a, b) => a * b),
      { seed },
    ),
  );
}

async function runAttention(options: AttentionOptions, queries: number, keys: number, channels: number) {
  const g = new GraphBuilder({ name: 'attention', dtype: 'f32' });
  const q = g.floatInput('q', ['batch', queries, channels]);
  const k = g.floatInput('k', ['batch', keys, channels]);
  const v = g.floatInput('v', ['batch', keys, channels]);
  g.output(attention(g, q, k, v, options), 'y');
  const graph = g.build();
  const feeds = {
    q: noise(1, 1, queries, channels),
    k: noise(2, 1, keys, channels),
    v: noise(3, 1, keys, channels),
  };
  const { y } = await runGraph(graph, noFiles, feeds);
  return { y: y!, products: graph.nodes.filter(({ operator }) => operator === 'MatMul').length };
}

describe('attention', () => {
  it('is the same in one kernel, in one piece and in chunks of queries', async () => {
    const fused = await runAttention({ heads: 2, variant: 'fused' }, 2001, 1100, 4);
    const chunked = await runAttention({ heads: 2, variant: 'decomposed' }, 2001, 1100, 4);
    expect(chunked.products).toBe(2 * 2);
    expect(relativeError(chunked.y, fused.y)).toBeLessThan(1e-5);
    const small = await runAttention({ heads: 2, variant: 'decomposed' }, 64, 77, 4);
    expect(small.products).toBe(2);
  });

  it('is the same in blocks, with values transposed or not, and fused where scores are few', async () => {
    for (const channels of [48, 32]) {
      const fused = await runAttention({ heads: 2, variant: 'fused' }, 61, 50, channels);
      const blocked = await runAttention(
        { heads: 2, variant: 'blocked', scoreBytes: 16_000 },
        61,
        50,
        channels,
      );
      expect(blocked.products).toBe(channels === 48 ? 4 : 8);
      expect(relativeError(blocked.y, fused.y)).toBeLessThan(1e-5);
    }
    const few = await runAttention({ heads: 2, variant: 'blocked' }, 61, 50, 48);
    expect(few.products).toBe(0);
  });

  it('looks back only, when causal', async () => {
    const fused = await runAttention({ heads: 2, variant: 'fused', causal: true }, 9, 9, 4);
    const decomposed = await runAttention({ heads: 2, variant: 'decomposed', causal: true }, 9, 9, 4);
    expect(relativeError(decomposed.y, fused.y)).toBeLessThan(1e-6);
    // The first query sees the first value alone.
    expect(relativeError(fused.y.subarray(0, 4), noise(3, 1, 9, 4).data.subarray(0, 4))).toBeLessThan(1e-6);
  });

  it('upcasts scores in float16 networks only', () => {
    const build = (dtype: 'f16' | 'f32') => {
      const g = new GraphBuilder({ name: 'attention', dtype });
      const x = g.floatInput('x', [1, 4, 8]);
      g.output(attention(g, x, x, x, { heads: 2, variant: 'fused', upcast: true }), 'y');
      return g.build();
    };
    expect(build('f32').nodes.map(({ operator }) => operator)).toEqual(['MultiHeadAttention', 'Identity']);
    expect(printGraph(build('f16'))).toMatchInlineSnapshot(`
      "attention (opset 20)
      in  x: f32[1, 4, 8]
      Cast: f16[1, 4, 8] = Cast(x) to=10
      Cast_2: f32[1, 4, 8] = Cast(Cast) to=1
      Cast_3: f32[1, 4, 8] = Cast(Cast) to=1
      Cast_4: f32[1, 4, 8] = Cast(Cast) to=1
      MultiHeadAttention: f32[1, 4, 8] = MultiHeadAttention(Cast_2, Cast_3, Cast_4) num_heads=2
      Cast_5: f16[1, 4, 8] = Cast(MultiHeadAttention) to=10
      y: f32[1, 4, 8] = Cast(Cast_5) to=1
      out y: f32[1, 4, 8]"
    `);
  });
});

it('upsampledConv is a convolution of the enlarged map, at its edges too', async () => {
  const g = new GraphBuilder({ name: 'upsampled', dtype: 'f32' });
  const x = g.floatInput('x', ['batch', 2, 3, 4]);
  const weight = g.floatInput('weight', [5, 2, 3, 3]);
  const bias = g.floatInput('bias', [5]);
  g.output(upsampledConv(g, x, weight, bias), 'found');
  g.output(conv(g, upsampleNearest(g, x, 2), weight, bias, { padding: 1 }), 'wanted');
  const feeds = { x: noise(1, 2, 2, 3, 4), weight: noise(2, 5, 2, 3, 3), bias: noise(3, 5) };
  const { found, wanted } = await runGraph(g.build(), noFiles, feeds);
  expect(wanted).toHaveLength(2 * 5 * 6 * 8);
  expect(relativeError(found!, wanted!)).toBeLessThan(1e-6);
});

describe('groupNorm', () => {
  it.each([1e-6, 1e-5, 1e-2])('honours epsilon %d where variances are as small', async (epsilon) => {
    const g = new GraphBuilder({ name: 'norm', dtype: 'f32' });
    const x = g.floatInput('x', ['batch', 4, 3, 5]);
    const weight = g.constant([1, 2, 3, 4], [4, 1, 1]);
    const bias = g.constant([0, 0, 1, 1], [4, 1, 1]);
    g.output(groupNorm(g, x, weight, bias, { groups: 2, epsilon }), 'y');
    const values = noise(5, 1, 4, 3, 5).data.map((value) => 0.01 * value);
    const { y } = await runGraph(g.build(), noFiles, { x: floatTensor([1, 4, 3, 5], values) });
    const wanted = Array.from(values, (value, i) => {
      const group = values.subarray(i < 30 ? 0 : 30, i < 30 ? 30 : 60);
      const mean = group.reduce((a, b) => a + b) / 30;
      const variance = group.reduce((sum, other) => sum + (other - mean) ** 2, 0) / 30;
      const channel = Math.floor(i / 15);
      return ((value - mean) / Math.sqrt(variance + epsilon)) * (channel + 1) + (channel < 2 ? 0 : 1);
    });
    expect(relativeError(y!, wanted)).toBeLessThan(1e-6);
  });
});

describe('shape inference', () => {
  const parameters = tensorIndex({ kernel: [8, 4, 3, 3], matrix: [6, 4], vector: [4] });
  const cases: [
    string,
    (g: GraphBuilder, x: (...shape: Shape) => Value, p: (name: string) => Value) => unknown,
  ][] = [
    ['Conv', (g, x, p) => conv(g, x(1, 5, 8, 8), p('kernel'), undefined)],
    ['Conv', (g, x, p) => conv(g, x(1, 4, 8, 8), p('kernel'), p('vector'))],
    ['Conv', (g, x, p) => conv(g, x(1, 4, 2, 8), p('kernel'), undefined)],
    ['Gemm', (g, x, p) => linear(g, x(2, 5), p('matrix'))],
    ['Gemm', (g, x, p) => linear(g, x(2, 4), p('matrix'), p('vector'))],
    ['MatMul', (g, x) => matmul(g, x(2, 3, 4), x(2, 3, 4))],
    ['Add', (g, x) => add(g, x(2, 3), x(2, 4))],
    ['LayerNormalization', (g, x, p) => layerNorm(g, x(2, 5), p('vector'), p('vector'), 1e-5)],
    [
      'GroupNorm',
      (g, x, p) => groupNorm(g, x(1, 4, 2, 2), p('vector'), p('vector'), { groups: 3, epsilon: 1 }),
    ],
    ['Reshape', (g, x) => reshape(g, x('batch', 6), [6])],
    ['Transpose', (g, x) => transpose(g, x(2, 3), [0, 0])],
    ['Concat', (g, x) => concat(g, [x(1, 2), x(2, 2)], 1)],
    ['Slice', (g, x) => slice(g, x(1, 2), 1, 1, 3)],
    ['Split', (g, x) => split(g, x(1, 3), 1, 2)],
    ['Resize', (g, x) => upsampleNearest(g, x(1, 2, 3), 2)],
    ['DepthToSpace', (g, x) => depthToSpace(g, x(1, 6, 2, 2), 2)],
    ['upsampled Conv', (g, x) => upsampledConv(g, x(1, 4, 2, 2), x(8, 4, 1, 1), undefined)],
    ['Attention', (g, x) => attention(g, x(1, 4, 6), x(1, 4, 8), x(1, 4, 8), { heads: 2, variant: 'fused' })],
    ['Attention', (g, x) => attention(g, x(1, 4, 6), x(1, 4, 6), x(1, 4, 6), { heads: 4, variant: 'fused' })],
  ];

  it.each(cases)('%s says where, what it found and what it wanted', (operator, build) => {
    const g = new GraphBuilder({ name: 'test', dtype: 'f32' });
    let inputs = 0;
    const x = (...shape: Shape) => g.floatInput(`x${inputs++}`, shape);
    const run = () => g.scope('block.0', () => build(g, x, (name) => g.parameter(parameters.get(name)!)));
    expect(run).toThrow(
      expect.objectContaining({
        code: 'graph-invalid',
        subject: `block.0/${operator}`,
        found: expect.any(String),
        wanted: expect.any(String),
      }),
    );
  });
});
