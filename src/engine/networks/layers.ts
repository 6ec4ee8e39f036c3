/** PyTorch's layers with their parameters, named as in a checkpoint. */
import type { Value } from '../onnx/graph.ts';
import { type ConvolutionOptions, conv } from '../onnx/ops/convolution.ts';
import { linear } from '../onnx/ops/linear.ts';
import { type GroupNormOptions, groupNorm, layerNorm } from '../onnx/ops/normalization.ts';
import type { NetworkModule } from './network-module.ts';

export interface ConvolutionLayer extends ConvolutionOptions {
  readonly outputs: number;
  /** Square; 'same' padding for odd sizes unless `padding` says otherwise. */
  readonly kernel: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** @param x [B, C, H, W] */
export function convolutionLayer(
  parent: NetworkModule,
  name: string,
  x: Value,
  layer: ConvolutionLayer,
): Value {
  const { outputs, kernel, bias = true, stride = 1, padding = Math.floor((kernel - 1) / 2) } = layer;
  return parent.child(name, (m) => {
    const weight = m.parameter('weight', [outputs, channelsOf(x), kernel, kernel]);
    return conv(m.graph, x, weight, bias ? m.parameter('bias', [outputs]) : undefined, { stride, padding });
  });
}

/** @param x [..., in]; a weight stored as a 1x1 convolution's kernel is taken as well */
export function linearLayer(
  parent: NetworkModule,
  name: string,
  x: Value,
  outputs: number,
  { bias = true }: { readonly bias?: boolean } = {},
): Value {
  return parent.child(name, (m) =>
    linear(
      m.graph,
      x,
      m.matrix('weight', outputs, lastSize(x)),
      bias ? m.parameter('bias', [outputs]) : undefined,
    ),
  );
}

/** @param x [..., C] */
export function layerNormLayer(parent: NetworkModule, name: string, x: Value, epsilon: number): Value {
  return parent.child(name, (m) => {
    const shape = [lastSize(x)];
    return layerNorm(m.graph, x, m.parameter('weight', shape), m.parameter('bias', shape), epsilon);
  });
}

/** @param x [B, C, H, W] */
export function groupNormLayer(
  parent: NetworkModule,
  name: string,
  x: Value,
  options: GroupNormOptions,
): Value {
  return parent.child(name, (m) => {
    const channels = channelsOf(x);
    const view = [channels, 1, 1];
    const weight = m.parameter('weight', [channels], view);
    return groupNorm(m.graph, x, weight, m.parameter('bias', [channels], view), options);
  });
}

/** C of [B, C, H, W]. */
export function channelsOf(x: Value): number {
  return x.shape[1] as number;
}

/** C of [..., C]. */
function lastSize(x: Value): number {
  return x.shape.at(-1) as number;
}
