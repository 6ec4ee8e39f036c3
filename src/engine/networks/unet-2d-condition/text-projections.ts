/**
 * The keys and values that a U-Net's attentions make of the text depend on neither latents nor time: a graph of
 * their own computes all of them in one product, once per prompt, and the U-Net takes its parts of the result.
 */
import type { Graph } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { linear } from '../../onnx/ops/linear.ts';
import { flattenRows, reshape } from '../../onnx/ops/shape.ts';
import type { TensorEntry } from '../../weights/tensor-entry.ts';
import type { TensorIndex } from '../network-module.ts';
import { buildWithText, type UNet2DConditionGraphOptions } from './build.ts';
import type { UNet2DConditionConfig } from './config.ts';
import { packedProjections, type TextSource } from './text-source.ts';

export interface SplitUNet {
  /** in: encoder_hidden_states [B, L, D]; out: text_projections [B, L, W]. */
  readonly projections: Graph;
  /** As the whole network's graph, with text_projections in place of encoder_hidden_states. */
  readonly network: Graph;
  /** Of the projections' one matrix, [W, D]. */
  readonly matrixBytes: number;
}

/** @throws EngineError as `buildUNet2DConditionModel` */
export function buildSplitUNet(
  config: UNet2DConditionConfig,
  tensors: TensorIndex,
  options: UNet2DConditionGraphOptions,
): SplitUNet {
  const { variant, batch = 'batch', textLength } = options;
  const matrices = projectionMatrices(config, tensors, options);
  const width = matrices.reduce((sum, { shape: [channels] }) => sum + channels!, 0);

  const g = new GraphBuilder({ name: 'text-projections', dtype: variant.dtype });
  const states = g.floatInput('encoder_hidden_states', [batch, textLength, config.textChannels]);
  // PyTorch's [out, in] matrices, one below the other.
  const weight = g.derivedParameter('text projections', [width, config.textChannels], matrices, concatenated);
  const product = linear(g, flattenRows(g, states), weight);
  g.output(reshape(g, product, [batch, textLength, width]), 'text_projections');

  const network = buildWithText(config, tensors, options, (builder) =>
    packedProjections(builder, builder.floatInput('text_projections', [batch, textLength, width])),
  );
  const elementBytes = variant.dtype === 'f16' ? 2 : 4;
  return { projections: g.build(), network, matrixBytes: elementBytes * width * config.textChannels };
}

/** In the order in which the network asks for them: it is built once to be asked. */
function projectionMatrices(
  config: UNet2DConditionConfig,
  tensors: TensorIndex,
  options: UNet2DConditionGraphOptions,
): TensorEntry[] {
  const { batch = 'batch', textLength: length } = options;
  const names: string[] = [];
  const asked = buildWithText(
    config,
    tensors,
    options,
    (g): TextSource => ({
      length,
      project(attention, name, channels) {
        const { name: matrix } = attention.child(name, (m) =>
          m.matrix('weight', channels, config.textChannels),
        );
        names.push(matrix);
        return g.floatInput(`${matrix} of the text`, [batch, length, channels]);
      },
    }),
  );
  const sources = new Map(asked.initializers.map(({ value, source }) => [value.name, source]));
  return names.flatMap((name) => {
    const source = sources.get(name);
    return source?.kind === 'checkpoint' ? [source.entry] : [];
  });
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
