/** The one attention of a KL autoencoder (diffusers, models/attention_processor.py): one head of full width. */
import type { Dimension, Value } from '../../onnx/graph.ts';
import { attention } from '../../onnx/ops/attention.ts';
import { add } from '../../onnx/ops/elementwise.ts';
import { flattenRows, reshape, transpose } from '../../onnx/ops/shape.ts';
import type { GraphVariant } from '../graph-variant.ts';
import { channelsOf, groupNormLayer, linearLayer } from '../layers.ts';
import type { NetworkModule } from '../network-module.ts';

/** Names of the four projections: today's, and those of files from before diffusers 0.18. */
const currentNames = { query: 'to_q', key: 'to_k', value: 'to_v', output: 'to_out.0' } as const;
const legacyNames = { query: 'query', key: 'key', value: 'value', output: 'proj_attn' } as const;

/**
 * @param x [B, C, H, W]
 * @returns [B, C, H, W]
 */
export function middleAttention(
  parent: NetworkModule,
  name: string,
  x: Value,
  variant: GraphVariant,
  norm: { readonly groups: number; readonly epsilon: number },
): Value {
  const channels = channelsOf(x);
  const [batch, , height, width] = x.shape as [Dimension, number, number, number];
  const sequence = [batch, height * width, channels];
  return parent.child(name, (m) => {
    const g = m.graph;
    const names = m.has(`${legacyNames.query}.weight`) ? legacyNames : currentNames;
    const normal = groupNormLayer(m, 'group_norm', x, norm);
    const pixels = transpose(g, reshape(g, normal, [batch, channels, height * width]), [0, 2, 1]);
    const rows = flattenRows(g, pixels);
    const project = (layer: string) => reshape(g, linearLayer(m, layer, rows, channels), sequence);
    const mixed = attention(g, project(names.query), project(names.key), project(names.value), {
      heads: 1,
      variant: variant.attention,
      scoreBytes: variant.scoreBytes,
    });
    const output = reshape(g, linearLayer(m, names.output, flattenRows(g, mixed), channels), sequence);
    return add(g, reshape(g, transpose(g, output, [0, 2, 1]), x.shape), x);
  });
}
