/**
 * CLIPTextModel and CLIPTextModelWithProjection (transformers, models/clip/modeling_clip.py): a pre-norm
 * transformer with a causal mask and, as Stable Diffusion calls it, no padding mask.
 */
import { EngineError } from '../../core/errors.ts';
import type { Dimension, Graph, Value } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { attention } from '../../onnx/ops/attention.ts';
import { add } from '../../onnx/ops/elementwise.ts';
import { flattenRows, gatherRows, reshape } from '../../onnx/ops/shape.ts';
import { activate } from '../activation-function.ts';
import type { GraphVariant } from '../graph-variant.ts';
import { layerNormLayer, linearLayer } from '../layers.ts';
import { NetworkModule, type TensorIndex } from '../network-module.ts';
import type { ClipTextConfig } from './config.ts';

/** The checkpoint's token embedding matrix, [vocabularySize, hiddenSize]; its rows are the graph's input. */
export const tokenEmbeddingTensor = 'text_model.embeddings.token_embedding.weight';

/**
 * - last_hidden_state [B, L, C]: after the final norm; what Stable Diffusion takes.
 * - hidden_states.k [B, L, C]: 0 the embeddings, k after k layers, before the final norm.
 * - clip_skip_k [B, L, C]: the final norm of what comes k layers before the end.
 * - pooler_output [B, C]: last_hidden_state at the end token; text_embeds [B, P]: its projection.
 */
export type ClipTextOutput =
  | 'last_hidden_state'
  | 'pooler_output'
  | 'text_embeds'
  | `hidden_states.${number}`
  | `clip_skip_${number}`;

export interface ClipTextGraphOptions {
  readonly variant: GraphVariant;
  /** Default 'batch', known when the session runs. */
  readonly batch?: Dimension;
  /** L, 1 to the config's maximum. */
  readonly length: number;
  /** Default last_hidden_state. */
  readonly outputs?: readonly ClipTextOutput[];
}

/**
 * in: token_embeddings [B, L, C], rows of {@link tokenEmbeddingTensor}; for the pooled outputs also
 * end_position int64 [B], see endPosition. out: as asked for.
 * @throws EngineError 'argument-invalid' for a length or output that the config doesn't have, 'tensor-missing',
 *   'tensor-mismatch'
 */
export function buildClipTextModel(
  config: ClipTextConfig,
  tensors: TensorIndex,
  options: ClipTextGraphOptions,
): Graph {
  const { variant, batch = 'batch', length, outputs = ['last_hidden_state'] } = options;
  const { hiddenSize, maximumLength, layers } = config;
  if (!Number.isInteger(length) || length < 1 || length > maximumLength) {
    throw argumentInvalid('length', `${length}`, `a whole number from 1 to ${maximumLength}`);
  }
  const g = new GraphBuilder({ name: 'clip-text', dtype: variant.dtype });
  const root = new NetworkModule(g, tensors);
  const tokens = g.floatInput('token_embeddings', [batch, length, hiddenSize]);
  const depths = new Map(outputs.map((name) => [name, outputDepth(name, config)]));
  const deepest = Math.max(...depths.values());

  return root.child('text_model', (model) => {
    const positions = model.child('embeddings.position_embedding', (m) =>
      m.rows('weight', [maximumLength, hiddenSize], 0, length),
    );
    /** States by number of layers passed, [B*L, C]. */
    const states = [flattenRows(g, add(g, tokens, positions))];
    for (let layer = 0; layer < Math.min(deepest, layers); layer++) {
      states.push(
        model.child(`encoder.layers.${layer}`, (m) => encoderLayer(m, states[layer]!, config, options)),
      );
    }
    const sequence = (rows: Value) => reshape(g, rows, [batch, length, hiddenSize]);
    const normalized = new Map<number, Value>();
    /** The final norm after so many layers, [B, L, C]. */
    const finalState = (depth: number) => {
      const known = normalized.get(depth);
      const state =
        known ?? sequence(layerNormLayer(model, 'final_layer_norm', states[depth]!, config.normEpsilon));
      normalized.set(depth, state);
      return state;
    };
    let pooledState: Value | undefined;
    const pooled = () => {
      pooledState ??= gatherRows(g, finalState(layers), g.input('end_position', 'i64', [batch]));
      return pooledState;
    };
    for (const [name, depth] of depths) {
      if (name === 'pooler_output') g.output(pooled(), name);
      else if (name === 'text_embeds') {
        g.output(
          linearLayer(root, 'text_projection', pooled(), config.projectionSize!, { bias: false }),
          name,
        );
      } else g.output(name.startsWith('hidden_states') ? sequence(states[depth]!) : finalState(depth), name);
    }
    return g.build();
  });
}

function encoderLayer(
  m: NetworkModule,
  x: Value,
  { hiddenSize, intermediateSize, heads, normEpsilon, activation }: ClipTextConfig,
  { variant, batch = 'batch', length }: ClipTextGraphOptions,
): Value {
  const g = m.graph;
  const normal = layerNormLayer(m, 'layer_norm1', x, normEpsilon);
  const attended = m.child('self_attn', (self) => {
    const project = (name: string) =>
      reshape(g, linearLayer(self, name, normal, hiddenSize), [batch, length, hiddenSize]);
    const mixed = attention(g, project('q_proj'), project('k_proj'), project('v_proj'), {
      heads,
      variant: variant.attention,
      scoreBytes: variant.scoreBytes,
      causal: true,
    });
    return linearLayer(self, 'out_proj', flattenRows(g, mixed), hiddenSize);
  });
  const afterAttention = add(g, x, attended);
  const hidden = layerNormLayer(m, 'layer_norm2', afterAttention, normEpsilon);
  const fed = m.child('mlp', (mlp) => {
    const wide = linearLayer(mlp, 'fc1', hidden, intermediateSize);
    return linearLayer(mlp, 'fc2', activate(g, wide, activation), hiddenSize);
  });
  return add(g, afterAttention, fed);
}

/** How many layers an output needs. */
function outputDepth(name: ClipTextOutput, { layers, projectionSize }: ClipTextConfig): number {
  const [, kind, digits] = /^(hidden_states\.|clip_skip_)(\d+)$/.exec(name) ?? [];
  if (kind !== undefined) {
    const count = Number(digits);
    if (count <= layers) return kind === 'hidden_states.' ? count : layers - count;
  } else if (name === 'last_hidden_state' || name === 'pooler_output') {
    return layers;
  } else if (name === 'text_embeds' && projectionSize !== undefined) {
    return layers;
  }
  throw argumentInvalid('outputs', name, `an output of a text encoder with ${layers} layers`);
}

function argumentInvalid(subject: string, found: string, wanted: string): EngineError {
  return new EngineError('argument-invalid', `Text encoder: ${subject} is ${found}, wanted ${wanted}.`, {
    subject,
    found,
    wanted,
  });
}
