/**
 * The transformer over a picture's pixels (diffusers, models/transformer_2d.py, attention.py). Between the
 * attentions everything runs on rows, [B * H * W, C]: products with PyTorch's weights, norms and sums take rows,
 * so nothing is transposed or reshaped on the way.
 */
import type { Dimension, Value } from '../../onnx/graph.ts';
import { gelu } from '../../onnx/ops/activation.ts';
import { attention } from '../../onnx/ops/attention.ts';
import { add, multiply } from '../../onnx/ops/elementwise.ts';
import { linear } from '../../onnx/ops/linear.ts';
import { flattenRows, reshape, transpose } from '../../onnx/ops/shape.ts';
import type { GraphVariant } from '../graph-variant.ts';
import { channelsOf, groupNormLayer, layerNormLayer, linearLayer } from '../layers.ts';
import type { NetworkModule } from '../network-module.ts';
import type { TransformerConfig } from './config.ts';
import type { TextSource } from './text-source.ts';

/** Hard-coded in the original, whatever norm_eps says. */
const inputNormEpsilon = 1e-6;
const layerNormEpsilon = 1e-5;

export interface TransformerContext {
  readonly variant: GraphVariant;
  readonly normGroups: number;
  readonly upcastAttention: boolean;
  readonly batch: Dimension;
  readonly text: TextSource;
}

/** Rows of sequences of one length: [B * length, C]. */
interface Sequences {
  readonly rows: Value;
  readonly length: number;
}

/**
 * @param x [B, C, H, W]
 * @returns [B, C, H, W]
 */
export function transformer2D(
  parent: NetworkModule,
  name: string,
  x: Value,
  config: TransformerConfig,
  context: TransformerContext,
): Value {
  const channels = channelsOf(x);
  const [batch, , height, width] = x.shape as [Dimension, number, number, number];
  const length = height * width;
  // As in the original: heads of equal width, even where that leaves channels over.
  const inner = config.heads * Math.floor(channels / config.heads);
  return parent.child(name, (m) => {
    const g = m.graph;
    const normal = groupNormLayer(m, 'norm', x, { groups: context.normGroups, epsilon: inputNormEpsilon });
    const pixels = transpose(g, reshape(g, normal, [batch, channels, length]), [0, 2, 1]);
    let rows = linearLayer(m, 'proj_in', flattenRows(g, pixels), inner);
    for (let i = 0; i < config.blocks; i++) {
      rows = m.child(`transformer_blocks.${i}`, (block) =>
        transformerBlock(block, { rows, length }, config, context),
      );
    }
    const projected = reshape(g, linearLayer(m, 'proj_out', rows, channels), [batch, length, channels]);
    return add(g, reshape(g, transpose(g, projected, [0, 2, 1]), x.shape), x);
  });
}

function transformerBlock(
  m: NetworkModule,
  { rows, length }: Sequences,
  config: TransformerConfig,
  context: TransformerContext,
): Value {
  const g = m.graph;
  const norm = (name: string, x: Value) => layerNormLayer(m, name, x, layerNormEpsilon);
  const attend = (name: string, x: Value, source: Sequences | 'text') =>
    attentionLayer(m, name, { rows: x, length }, source, config.heads, context);

  const normal = norm('norm1', rows);
  let x = add(
    g,
    rows,
    attend('attn1', normal, config.onlyCrossAttention ? 'text' : { rows: normal, length }),
  );
  x = add(g, x, attend('attn2', norm('norm2', x), 'text'));
  return add(
    g,
    x,
    m.child('ff', (ff) => gatedFeedForward(ff, norm('norm3', x))),
  );
}

/** @returns rows, [B * queries.length, C] */
function attentionLayer(
  parent: NetworkModule,
  name: string,
  queries: Sequences,
  source: Sequences | 'text',
  heads: number,
  { variant, upcastAttention, batch, text }: TransformerContext,
): Value {
  const channels = queries.rows.shape[1] as number;
  return parent.child(name, (m) => {
    const g = m.graph;
    const project = (layer: string, { rows, length }: Sequences) =>
      reshape(g, linearLayer(m, layer, rows, channels, { bias: false }), [batch, length, channels]);
    const given = (layer: 'to_k' | 'to_v') =>
      source === 'text' ? text.project(m, layer, channels) : project(layer, source);
    const mixed = attention(g, project('to_q', queries), given('to_k'), given('to_v'), {
      heads,
      variant: variant.attention,
      scoreBytes: variant.scoreBytes,
      upcast: upcastAttention,
    });
    return linearLayer(m, 'to_out.0', flattenRows(g, mixed), channels);
  });
}

/** How much wider the hidden layer is. */
const feedForwardFactor = 4;

/**
 * GEGLU: hidden * gelu(gate), projected back. The checkpoint holds both projections as one matrix, hidden first;
 * as two products of its halves the result needs no splitting.
 */
function gatedFeedForward(m: NetworkModule, x: Value): Value {
  const g = m.graph;
  const channels = x.shape[1] as number;
  const inner = feedForwardFactor * channels;
  const gated = m.child('net.0.proj', (proj) => {
    const part = (begin: number) =>
      linear(
        g,
        x,
        proj.rows('weight', [2 * inner, channels], begin, begin + inner),
        proj.rows('bias', [2 * inner], begin, begin + inner),
      );
    const hidden = part(0);
    return multiply(g, hidden, gelu(g, part(inner)));
  });
  return linearLayer(m, 'net.2', gated, channels);
}
