/** The self-test's small graphs: the operators that our networks are made of, each with a known answer. */
import type { FloatDType } from '../../engine/core/dtype.ts';
import { gaussianNoise } from '../../engine/core/noise.ts';
import { elementCount, type FloatTensor, floatTensor } from '../../engine/core/tensor.ts';
import type { Graph, Value } from '../../engine/onnx/graph.ts';
import { GraphBuilder } from '../../engine/onnx/graph-builder.ts';
import { gelu, quickGelu } from '../../engine/onnx/ops/activation.ts';
import { type AttentionVariant, attention } from '../../engine/onnx/ops/attention.ts';
import { conv } from '../../engine/onnx/ops/convolution.ts';
import { linear } from '../../engine/onnx/ops/linear.ts';
import { groupNorm, layerNorm } from '../../engine/onnx/ops/normalization.ts';
import { upsampleNearest } from '../../engine/onnx/ops/resize.ts';
import { upsampledConv } from '../../engine/onnx/ops/upsampled-convolution.ts';
import {
  type AttentionShape,
  attentionReference,
  convReference,
  geluReference,
  linearReference,
  normalizeReference,
  sigmoidWeightedReference,
  upsampleReference,
} from './self-test-reference.ts';

export interface KnownGraph {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, FloatTensor>>;
  /** Known answer of every output; an output is named as its check. */
  readonly answers: Readonly<Record<string, Float32Array>>;
}

/**
 * The attentions of the embedded model: 8x8 and 4x4 latents attending to themselves and to 77 tokens, guidance's
 * batch of two, and the causal text encoder. Wrong fused kernels were wrong at some shapes and right at others.
 */
const selfAttention: AttentionShape = { batch: 1, queries: 64, keys: 64, heads: 4, width: 16, causal: false };
const crossAttention: AttentionShape = {
  batch: 2,
  queries: 64,
  keys: 77,
  heads: 4,
  width: 16,
  causal: false,
};
const causalAttention: AttentionShape = {
  batch: 1,
  queries: 77,
  keys: 77,
  heads: 4,
  width: 32,
  causal: true,
};
const smallAttentions: readonly AttentionShape[] = [
  { batch: 1, queries: 16, keys: 16, heads: 4, width: 24, causal: false },
  { batch: 1, queries: 16, keys: 77, heads: 4, width: 24, causal: false },
];

/** Run one after the other until one is wrong: the first shape finds out most wrong kernels by itself. */
export const fusedShapeGroups: readonly (readonly AttentionShape[])[] = [
  [selfAttention],
  [crossAttention, causalAttention, ...smallAttentions],
];

/** Products and softmax work alike at every shape. */
export const decomposedShapes: readonly AttentionShape[] = [crossAttention, causalAttention];

/** Both kinds of product: heads of 16 channels, and of 24, whose values are transposed. */
export const blockedShapes: readonly AttentionShape[] = [
  selfAttention,
  { batch: 1, queries: 64, keys: 64, heads: 4, width: 24, causal: true },
];

/** So small that shapes of the self-test run in several blocks. */
export const blockedTestBytes = 32 * 1024;

/** One output per shape, named 'fused attention 64x77x16'. */
export function attentionGraph(
  variant: AttentionVariant,
  dtype: FloatDType,
  shapes: readonly AttentionShape[],
  scoreBytes?: number,
): KnownGraph {
  const known = new KnownGraphBuilder(`self-test-${variant}-attention`, dtype);
  for (const shape of shapes) {
    const { batch, queries, keys, heads, width, causal } = shape;
    const channels = heads * width;
    const q = known.input([batch, queries, channels]);
    const k = known.input([batch, keys, channels]);
    const v = known.input([batch, keys, channels]);
    known.check(
      `${variant} attention ${queries}x${keys}x${width}${causal ? ' causal' : ''}`,
      attention(known.builder, q.value, k.value, v.value, { heads, variant, causal, scoreBytes }),
      attentionReference(q.data, k.data, v.data, shape),
    );
  }
  return known.build();
}

/** Convolution, matrix product, norms, activations and resizing. */
export function kernelGraph(dtype: FloatDType): KnownGraph {
  const known = new KnownGraphBuilder('self-test-kernels', dtype);
  const g = known.builder;
  const [size, channels, tokens, features] = [8, 32, 77, 64];
  const picture = known.input([1, channels, size, size]);
  const sequence = known.input([1, tokens, features]);

  const convolve = (name: string, kernel: number, stride: number) => {
    const weight = known.parameter([channels, channels, kernel, kernel], 1 / (kernel * Math.sqrt(channels)));
    const bias = known.parameter([channels], 1);
    known.check(
      name,
      conv(g, picture.value, weight.value, bias.value, { stride, padding: (kernel - 1) / 2 }),
      convReference(picture.data, weight.data, bias.data, { size, kernel, stride }),
    );
  };
  convolve('conv 3x3', 3, 1);
  convolve('conv 3x3 stride 2', 3, 2);

  const weight = known.parameter([96, features], features ** -0.5);
  const bias = known.parameter([96], 1);
  known.check(
    'matrix product',
    linear(g, sequence.value, weight.value, bias.value),
    linearReference(sequence.data, weight.data, bias.data),
  );

  const [groups, epsilon] = [16, 1e-5];
  const one = (count: number, shape: readonly number[]) => g.constant(new Float32Array(count).fill(1), shape);
  const zero = (count: number, shape: readonly number[]) => g.constant(new Float32Array(count), shape);
  const perChannel = [channels, 1, 1];
  known.check(
    'group norm',
    groupNorm(g, picture.value, one(channels, perChannel), zero(channels, perChannel), { groups, epsilon }),
    normalizeReference(picture.data, picture.data.length / groups, epsilon),
  );
  known.check(
    'layer norm',
    layerNorm(g, sequence.value, one(features, [features]), zero(features, [features]), epsilon),
    normalizeReference(sequence.data, features, epsilon),
  );
  known.check('quick gelu', quickGelu(g, sequence.value), sigmoidWeightedReference(sequence.data, 1.702));
  known.check('gelu', gelu(g, sequence.value), geluReference(sequence.data));
  const doubled = upsampleReference(picture.data, size);
  known.check('upsample', upsampleNearest(g, picture.value, 2), doubled);
  const kernel = known.parameter([channels, channels, 3, 3], 1 / (3 * Math.sqrt(channels)));
  known.check(
    'upsampled conv',
    upsampledConv(g, picture.value, kernel.value, undefined),
    convReference(doubled, kernel.data, new Float32Array(channels), { size: 2 * size, kernel: 3, stride: 1 }),
  );
  return known.build();
}

/** Products whose sums show the type that they are made in: one by one in float16, ones come to 2048 at most. */
export function longSumsGraph(dtype: FloatDType): KnownGraph {
  const known = new KnownGraphBuilder('self-test-long-sums', dtype);
  const g = known.builder;
  const [positions, inputs, outputs, kernel] = [8, 456, 16, 3];
  const summed = inputs * kernel ** 2;
  const one = (shape: readonly number[]) => g.constant(new Float32Array(elementCount(shape)).fill(1), shape);
  const answer = new Float32Array(positions * outputs).fill(summed);
  const rows = known.ones([positions, summed]);
  known.check('long sums of a matrix product', linear(g, rows, one([outputs, summed])), answer);
  const picture = known.ones([1, inputs, kernel, positions * kernel]);
  const convolved = conv(g, picture, one([outputs, inputs, kernel, kernel]), undefined, { stride: kernel });
  known.check('long sums of a convolution', convolved, answer);
  return known.build();
}

interface KnownValue {
  readonly value: Value;
  readonly data: Float32Array;
}

class KnownGraphBuilder {
  readonly builder: GraphBuilder;
  readonly #feeds: Record<string, FloatTensor> = {};
  readonly #answers: Record<string, Float32Array> = {};
  #draws = 0;

  constructor(name: string, dtype: FloatDType) {
    this.builder = new GraphBuilder({ name: `${name}-${dtype}`, dtype });
  }

  /** Noise that is fed, so that nothing can be folded away while loading. */
  input(shape: readonly number[]): KnownValue {
    const name = `input.${this.#draws}`;
    const data = this.#noise(shape, 1);
    this.#feeds[name] = floatTensor(shape, data);
    return { value: this.builder.floatInput(name, shape), data };
  }

  ones(shape: readonly number[]): Value {
    const name = `input.${this.#draws++}`;
    this.#feeds[name] = floatTensor(shape, new Float32Array(elementCount(shape)).fill(1));
    return this.builder.floatInput(name, shape);
  }

  parameter(shape: readonly number[], deviation: number): KnownValue {
    const data = this.#noise(shape, deviation);
    return { value: this.builder.constant(data, shape), data };
  }

  check(name: string, value: Value, answer: Float32Array): void {
    this.builder.output(value, name);
    this.#answers[name] = answer;
  }

  build(): KnownGraph {
    return { graph: this.builder.build(), feeds: this.#feeds, answers: this.#answers };
  }

  #noise(shape: readonly number[], deviation: number): Float32Array {
    const count = shape.reduce((product, length) => product * length, 1);
    return gaussianNoise(count, { seed: this.#draws++ }).map((value) => value * deviation);
  }
}
