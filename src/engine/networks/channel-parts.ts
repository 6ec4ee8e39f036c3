/**
 * Layers over a map that is held in parts by its channels, so that no tensor is larger than a part: what adapters can
 * bind, and what is reused from one operator to the next, is bounded by the largest tensor.
 */
import type { Value } from '../onnx/graph.ts';
import { conv } from '../onnx/ops/convolution.ts';
import { add } from '../onnx/ops/elementwise.ts';
import { type GroupNormOptions, groupNorm } from '../onnx/ops/normalization.ts';
import { split } from '../onnx/ops/shape.ts';
import { upsampledConv } from '../onnx/ops/upsampled-convolution.ts';
import { channelsOf, convolutionLayer, groupNormLayer } from './layers.ts';
import type { NetworkModule } from './network-module.ts';

/** One or more, all of the same size, [B, C / n, H, W], in the order of their channels. */
export type ChannelParts = readonly Value[];

/**
 * A square convolution with 'same' padding: the sum of the parts' own.
 * @returns [B, outputs, H, W]
 */
export function convolutionOfParts(
  parent: NetworkModule,
  name: string,
  parts: ChannelParts,
  { outputs, kernel }: { readonly outputs: number; readonly kernel: 1 | 3 },
): Value {
  const count = parts.length;
  if (count === 1) return convolutionLayer(parent, name, parts[0]!, { outputs, kernel });
  return parent.child(name, (m) => {
    const inputs = channelsOf(parts[0]!) * count;
    const weights = split(m.graph, m.parameter('weight', [outputs, inputs, kernel, kernel]), 1, count);
    const terms = parts.map((part, i) => {
      const bias = i === 0 ? m.parameter('bias', [outputs]) : undefined;
      return conv(m.graph, part, weights[i]!, bias, { padding: (kernel - 1) / 2 });
    });
    return terms.reduce((sum, term) => add(m.graph, sum, term));
  });
}

/** A group norm of each part; the groups must not lie across them. */
export function groupNormOfParts(
  parent: NetworkModule,
  name: string,
  parts: ChannelParts,
  { groups, epsilon }: GroupNormOptions,
): ChannelParts {
  const count = parts.length;
  if (count === 1) return [groupNormLayer(parent, name, parts[0]!, { groups, epsilon })];
  return parent.child(name, (m) =>
    parts.map((part, i) => {
      const own = channelsOf(part);
      const affine = (parameter: string) =>
        m.rows(parameter, [own * count], own * i, own * (i + 1), [own, 1, 1]);
      const options = { groups: groups / count, epsilon };
      return groupNorm(m.graph, part, affine('weight'), affine('bias'), options);
    }),
  );
}

/**
 * A 3x3 convolution of the map at twice its size, by nearest neighbours.
 * @param x [B, I, H, W]
 * @returns `count` parts of [B, outputs, 2H, 2W]
 */
export function upsampledConvolution(
  parent: NetworkModule,
  name: string,
  x: Value,
  outputs: number,
  count: number,
): ChannelParts {
  return parent.child(name, (m) => {
    const shape = [outputs, channelsOf(x), 3, 3];
    const own = outputs / count;
    return Array.from({ length: count }, (_, i) => {
      const [begin, end] = [own * i, own * (i + 1)];
      const weight = m.rows('weight', shape, begin, end);
      return upsampledConv(m.graph, x, weight, m.rows('bias', [outputs], begin, end));
    });
  });
}
