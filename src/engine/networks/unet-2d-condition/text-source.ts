/** Where a U-Net's attentions have their keys and values of the text from. */
import type { Dimension, Value } from '../../onnx/graph.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { flattenRows, reshape, slice } from '../../onnx/ops/shape.ts';
import { linearLayer } from '../layers.ts';
import type { NetworkModule } from '../network-module.ts';

export interface TextSource {
  /** Tokens. */
  readonly length: number;
  /**
   * Called once for each projection, in the order in which the network is built.
   * @returns [B, length, channels]
   */
  project(attention: NetworkModule, name: 'to_k' | 'to_v', channels: number): Value;
}

/** Computed where they are needed. @param states the text's hidden states, [B, L, D] */
export function projectedStates(g: GraphBuilder, states: Value): TextSource {
  const [batch, length] = states.shape as [Dimension, number];
  const rows = flattenRows(g, states);
  return {
    length,
    project: (attention, name, channels) =>
      reshape(g, linearLayer(attention, name, rows, channels, { bias: false }), [batch, length, channels]),
  };
}

/** Taken side by side from one tensor. @param packed [B, L, sum of all channels] */
export function packedProjections(g: GraphBuilder, packed: Value): TextSource {
  const [, length] = packed.shape as [Dimension, number, number];
  let taken = 0;
  return {
    length,
    project(_attention, _name, channels) {
      taken += channels;
      return slice(g, packed, 2, taken - channels, taken);
    },
  };
}
