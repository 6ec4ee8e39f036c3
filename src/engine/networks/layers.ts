/** PyTorch's layers with their parameters, named as in a checkpoint. */
import type { Value } from '../onnx/graph.ts';
import { type ConvolutionOptions, conv } from '../onnx/ops/convolution.ts';
import { add } from '../onnx/ops/elementwise.ts';
import { linear } from '../onnx/ops/linear.ts';
import { type GroupNormOptions, groupNorm, layerNorm } from '../onnx/ops/normalization.ts';
import { slice } from '../onnx/ops/shape.ts';
import type { NetworkModule } from './network-module.ts';

export interface ConvolutionLayer extends ConvolutionOptions {
  readonly outputs: number;
  /** Square; 'same' padding for odd sizes unless `padding` says otherwise. */
  readonly kernel: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** In groups of input channels where a sum would be longer than the graph allows. @param x [B, C, H, W] */
export function convolutionLayer(
  parent: NetworkModule,
  name: string,
  x: Value,
  layer: ConvolutionLayer,
): Value {
  const { outputs, kernel, bias = true, stride = 1, padding = Math.floor((kernel - 1) / 2) } = layer;
  return parent.child(name, (m) => {
    const g = m.graph;
    const channels = channelsOf(x);
    const shape = [outputs, channels, kernel, kernel];
    const convolved = (part: Value, weight: Value, biased = bias) =>
      conv(g, part, weight, biased ? m.parameter('bias', [outputs]) : undefined, { stride, padding });
    const groupLength = channelsPerGroup(channels, kernel * kernel, g.longestSum);
    if (groupLength >= channels) return convolved(x, m.parameter('weight', shape));
    const group = (begin: number, biased?: boolean) => {
      const end = Math.min(begin + groupLength, channels);
      return convolved(slice(g, x, 1, begin, end), m.channels('weight', shape, begin, end), biased);
    };
    let sum = group(0);
    for (let begin = groupLength; begin < channels; begin += groupLength)
      sum = add(g, sum, group(begin, false));
    return sum;
  });
}

/** What the GPU's kernels read at a time. */
const channelsRead = 4;

/** Groups as alike as can be. */
function channelsPerGroup(channels: number, productsPerChannel: number, longestSum: number): number {
  const groups = Math.ceil((channels * productsPerChannel) / longestSum);
  return Math.ceil(channels / Math.max(groups, 1) / channelsRead) * channelsRead;
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
