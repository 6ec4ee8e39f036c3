import { formatShape, sameShape } from '../dimension.ts';
import type { Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { add, multiply, scale } from './elementwise.ts';
import { reshape } from './shape.ts';

/**
 * Over the last axis.
 * @param x [..., C]
 * @param weight, bias [C]
 */
export function layerNorm(g: GraphBuilder, x: Value, weight: Value, bias: Value, epsilon: number): Value {
  const wanted = [x.shape.at(-1)!];
  if (!sameShape(weight.shape, wanted) || !sameShape(bias.shape, wanted)) {
    throw g.invalid('LayerNormalization', `weight ${formatShape(weight.shape)}`, formatShape(wanted));
  }
  const attributes = {
    axis: { kind: 'int', value: -1 },
    epsilon: { kind: 'float', value: epsilon },
  } as const;
  return g.apply({ operator: 'LayerNormalization', inputs: [x, weight, bias], attributes }, x.shape);
}

export interface GroupNormOptions {
  readonly groups: number;
  readonly epsilon: number;
}

/**
 * The epsilon of every InstanceNormalization. onnxruntime 1.30's WebGPU kernel compiles the first epsilon it meets
 * into a program that it then takes for all others, in every session of the page: errors of 1e-4 and more where
 * variances are small. Delete once instances with different epsilons agree with the CPU in one process.
 */
const instanceEpsilon = 1e-6;

/**
 * Group norm as instance norm of [B, groups, rest] and an affine map per channel: com.microsoft GroupNorm has
 * no web kernel and GroupNormalization only a partial one.
 * @param x [B, C, H, W], C divisible by `groups`
 * @param weight, bias [C, 1, 1]
 */
export function groupNorm(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  bias: Value,
  { groups, epsilon }: GroupNormOptions,
): Value {
  const [batch, channels, height, width] = x.shape;
  if (
    typeof channels !== 'number' ||
    typeof height !== 'number' ||
    typeof width !== 'number' ||
    channels % groups !== 0
  ) {
    throw g.invalid(
      'GroupNorm',
      `input ${formatShape(x.shape)}`,
      `[B, C, H, W] with C divisible by ${groups}`,
    );
  }
  const wanted = [channels, 1, 1];
  if (!sameShape(weight.shape, wanted) || !sameShape(bias.shape, wanted)) {
    throw g.invalid('GroupNorm', `weight ${formatShape(weight.shape)}`, formatShape(wanted));
  }
  // (x - m) / sqrt(v + e) is (s x - s m) / sqrt(s² v + s² e), and s² e can be any epsilon.
  const scaled = scale(g, x, Math.sqrt(instanceEpsilon / epsilon));
  const grouped = reshape(g, scaled, [batch!, groups, (channels / groups) * height * width]);
  const ones = g.constant(new Float32Array(groups).fill(1));
  const zeros = g.constant(new Float32Array(groups));
  const attributes = { epsilon: { kind: 'float', value: instanceEpsilon } } as const;
  const inputs = [grouped, ones, zeros];
  const normal = g.apply({ operator: 'InstanceNormalization', inputs, attributes }, grouped.shape);
  return add(g, multiply(g, reshape(g, normal, x.shape), weight), bias);
}
