import { describe, expect, it, vi } from 'vitest';
import {
  expectOutputs,
  type ReferenceCase,
  readReferenceCase,
  recordingsOf,
  referenceDirectory,
} from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import { tensorIndex } from '../../../testing/tensor-index.ts';
import { floatTensor } from '../../core/tensor.ts';
import { printGraph } from '../../onnx/print-graph.ts';
import { buildClipTextModel, type ClipTextOutput, tokenEmbeddingTensor } from './build.ts';
import { type ClipTextConfig, parseClipTextConfig } from './config.ts';
import { endPosition } from './end-position.ts';

// Sessions are built one by one, on a machine that others may use, too.
vi.setConfig({ testTimeout: 60_000 });

async function feedsOf(
  { checkpoint }: ReferenceCase,
  config: ClipTextConfig,
  ids: ArrayLike<number>,
  batch: number,
) {
  const length = ids.length / batch;
  const rows = await checkpoint.readRows(tokenEmbeddingTensor, Array.from(ids));
  const ends = Array.from({ length: batch }, (_, b) =>
    BigInt(endPosition(config, Array.from(ids).slice(b * length, (b + 1) * length))),
  );
  return {
    token_embeddings: floatTensor([batch, length, config.hiddenSize], rows),
    end_position: { dtype: 'i64', shape: [batch], data: BigInt64Array.from(ends) } as const,
  };
}

describe.each(['clip-tiny', 'clip-tiny-eps', 'clip-tiny-gelu-sdturbo'])('%s', (name) => {
  it.each(['fused', 'decomposed'] as const)('agrees with the original, attention %s', async (attention) => {
    const directory = `${referenceDirectory}/${name}`;
    for (const recording of recordingsOf(directory)) {
      const reference = await readReferenceCase(directory, 'model', recording);
      const config = parseClipTextConfig(reference.config);
      expect(reference.calls.length).toBeGreaterThan(0);
      for (const { inputs, outputs } of reference.calls) {
        const { shape, data } = inputs.input_ids!;
        const graph = buildClipTextModel(config, reference.checkpoint.tensors, {
          variant: { attention, dtype: 'f32' },
          length: shape[1]!,
          outputs: Object.keys(outputs) as ClipTextOutput[],
        });
        const feeds = await feedsOf(reference, config, data, shape[0]!);
        expectOutputs(await runGraph(graph, reference.files, feeds), outputs);
      }
    }
  });
});

describe('endPosition', () => {
  it.each([
    [2, [0, 7, 999, 999], 2],
    [2, [5, 5, 5], 0],
    [49407, [49406, 320, 49407, 49407], 2],
    [49407, [49406, 320, 0], 0],
    [3, [9, 3, 9, 3], 1],
  ])('with eos_token_id %d in %j is %d', (endToken, ids, position) => {
    expect(endPosition({ endToken }, ids)).toBe(position);
  });
});

const tinyConfig = {
  architectures: ['CLIPTextModelWithProjection'],
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 6,
  projection_dim: 4,
  hidden_act: 'gelu',
};

function tinyTensors() {
  const layer = 'text_model.encoder.layers.0';
  const linear = (path: string, outputs: number, inputs: number) => ({
    [`${path}.weight`]: [outputs, inputs],
    [`${path}.bias`]: [outputs],
  });
  const norm = (path: string) => ({ [`${path}.weight`]: [8], [`${path}.bias`]: [8] });
  return tensorIndex({
    'text_model.embeddings.position_embedding.weight': [6, 8],
    ...norm(`${layer}.layer_norm1`),
    ...linear(`${layer}.self_attn.q_proj`, 8, 8),
    ...linear(`${layer}.self_attn.k_proj`, 8, 8),
    ...linear(`${layer}.self_attn.v_proj`, 8, 8),
    ...linear(`${layer}.self_attn.out_proj`, 8, 8),
    ...norm(`${layer}.layer_norm2`),
    ...linear(`${layer}.mlp.fc1`, 16, 8),
    ...linear(`${layer}.mlp.fc2`, 8, 16),
    ...norm('text_model.final_layer_norm'),
    'text_projection.weight': [4, 8],
  });
}

describe('buildClipTextModel', () => {
  const variant = { attention: 'fused', dtype: 'f32' } as const;

  it('prints', () => {
    const graph = buildClipTextModel(parseClipTextConfig(tinyConfig), tinyTensors(), {
      variant,
      length: 5,
      outputs: ['text_embeds'],
    });
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "clip-text (opset 20)
      in  token_embeddings: f32[batch, 5, 8]
      in  end_position: i64[batch]
      par text_model.embeddings.position_embedding.weight[0:5]: f32[5, 8] (f32)
      par text_model.encoder.layers.0.layer_norm1.weight: f32[8] (f32)
      par text_model.encoder.layers.0.layer_norm1.bias: f32[8] (f32)
      par text_model.encoder.layers.0.self_attn.q_proj.weight: f32[8, 8] (f32)
      par text_model.encoder.layers.0.self_attn.q_proj.bias: f32[8] (f32)
      par text_model.encoder.layers.0.self_attn.k_proj.weight: f32[8, 8] (f32)
      par text_model.encoder.layers.0.self_attn.k_proj.bias: f32[8] (f32)
      par text_model.encoder.layers.0.self_attn.v_proj.weight: f32[8, 8] (f32)
      par text_model.encoder.layers.0.self_attn.v_proj.bias: f32[8] (f32)
      par constant.2: f32[1, 1, 5, 5] (constant)
      par text_model.encoder.layers.0.self_attn.out_proj.weight: f32[8, 8] (f32)
      par text_model.encoder.layers.0.self_attn.out_proj.bias: f32[8] (f32)
      par text_model.encoder.layers.0.layer_norm2.weight: f32[8] (f32)
      par text_model.encoder.layers.0.layer_norm2.bias: f32[8] (f32)
      par text_model.encoder.layers.0.mlp.fc1.weight: f32[16, 8] (f32)
      par text_model.encoder.layers.0.mlp.fc1.bias: f32[16] (f32)
      par text_model.encoder.layers.0.mlp.fc2.weight: f32[8, 16] (f32)
      par text_model.encoder.layers.0.mlp.fc2.bias: f32[8] (f32)
      par text_model.final_layer_norm.weight: f32[8] (f32)
      par text_model.final_layer_norm.bias: f32[8] (f32)
      par text_projection.weight: f32[4, 8] (f32)
      text_model/Add: f32[batch, 5, 8] = Add(token_embeddings, text_model.embeddings.position_embedding.weight[0:5])
      text_model/Reshape: f32[5*batch, 8] = Reshape(text_model/Add, [-1, 8])
      text_model.encoder.layers.0.layer_norm1/LayerNormalization: f32[5*batch, 8] = LayerNormalization(text_model/Reshape, text_model.encoder.layers.0.layer_norm1.weight, text_model.encoder.layers.0.layer_norm1.bias) axis=-1 epsilon=0.00001
      text_model.encoder.layers.0.self_attn.q_proj/Gemm: f32[5*batch, 8] = Gemm(text_model.encoder.layers.0.layer_norm1/LayerNormalization, text_model.encoder.layers.0.self_attn.q_proj.weight, text_model.encoder.layers.0.self_attn.q_proj.bias) transB=1
      text_model.encoder.layers.0.self_attn/Reshape: f32[batch, 5, 8] = Reshape(text_model.encoder.layers.0.self_attn.q_proj/Gemm, [-1, 5, 8])
      text_model.encoder.layers.0.self_attn.k_proj/Gemm: f32[5*batch, 8] = Gemm(text_model.encoder.layers.0.layer_norm1/LayerNormalization, text_model.encoder.layers.0.self_attn.k_proj.weight, text_model.encoder.layers.0.self_attn.k_proj.bias) transB=1
      text_model.encoder.layers.0.self_attn/Reshape_2: f32[batch, 5, 8] = Reshape(text_model.encoder.layers.0.self_attn.k_proj/Gemm, [-1, 5, 8])
      text_model.encoder.layers.0.self_attn.v_proj/Gemm: f32[5*batch, 8] = Gemm(text_model.encoder.layers.0.layer_norm1/LayerNormalization, text_model.encoder.layers.0.self_attn.v_proj.weight, text_model.encoder.layers.0.self_attn.v_proj.bias) transB=1
      text_model.encoder.layers.0.self_attn/Reshape_3: f32[batch, 5, 8] = Reshape(text_model.encoder.layers.0.self_attn.v_proj/Gemm, [-1, 5, 8])
      text_model.encoder.layers.0.self_attn/MultiHeadAttention: f32[batch, 5, 8] = MultiHeadAttention(text_model.encoder.layers.0.self_attn/Reshape, text_model.encoder.layers.0.self_attn/Reshape_2, text_model.encoder.layers.0.self_attn/Reshape_3, _, _, constant.2) num_heads=2
      text_model.encoder.layers.0.self_attn/Reshape_4: f32[5*batch, 8] = Reshape(text_model.encoder.layers.0.self_attn/MultiHeadAttention, [-1, 8])
      text_model.encoder.layers.0.self_attn.out_proj/Gemm: f32[5*batch, 8] = Gemm(text_model.encoder.layers.0.self_attn/Reshape_4, text_model.encoder.layers.0.self_attn.out_proj.weight, text_model.encoder.layers.0.self_attn.out_proj.bias) transB=1
      text_model.encoder.layers.0/Add: f32[5*batch, 8] = Add(text_model/Reshape, text_model.encoder.layers.0.self_attn.out_proj/Gemm)
      text_model.encoder.layers.0.layer_norm2/LayerNormalization: f32[5*batch, 8] = LayerNormalization(text_model.encoder.layers.0/Add, text_model.encoder.layers.0.layer_norm2.weight, text_model.encoder.layers.0.layer_norm2.bias) axis=-1 epsilon=0.00001
      text_model.encoder.layers.0.mlp.fc1/Gemm: f32[5*batch, 16] = Gemm(text_model.encoder.layers.0.layer_norm2/LayerNormalization, text_model.encoder.layers.0.mlp.fc1.weight, text_model.encoder.layers.0.mlp.fc1.bias) transB=1
      text_model.encoder.layers.0.mlp/Gelu: f32[5*batch, 16] = Gelu(text_model.encoder.layers.0.mlp.fc1/Gemm) approximate=none
      text_model.encoder.layers.0.mlp.fc2/Gemm: f32[5*batch, 8] = Gemm(text_model.encoder.layers.0.mlp/Gelu, text_model.encoder.layers.0.mlp.fc2.weight, text_model.encoder.layers.0.mlp.fc2.bias) transB=1
      text_model.encoder.layers.0/Add_2: f32[5*batch, 8] = Add(text_model.encoder.layers.0/Add, text_model.encoder.layers.0.mlp.fc2/Gemm)
      text_model.final_layer_norm/LayerNormalization: f32[5*batch, 8] = LayerNormalization(text_model.encoder.layers.0/Add_2, text_model.final_layer_norm.weight, text_model.final_layer_norm.bias) axis=-1 epsilon=0.00001
      text_model/Reshape_2: f32[batch, 5, 8] = Reshape(text_model.final_layer_norm/LayerNormalization, [-1, 5, 8])
      text_model/Reshape_3: i64[batch, 1] = Reshape(end_position, [-1, 1])
      text_model/GatherND: f32[batch, 8] = GatherND(text_model/Reshape_2, text_model/Reshape_3) batch_dims=1
      text_model.text_projection/Gemm: f32[batch, 4] = Gemm(text_model/GatherND, text_projection.weight) transB=1
      text_embeds: f32[batch, 4] = Identity(text_model.text_projection/Gemm)
      out text_embeds: f32[batch, 4]"
    `);
  });

  it('stops at the last layer that an output needs', () => {
    const graph = buildClipTextModel(parseClipTextConfig(tinyConfig), tinyTensors(), {
      variant,
      length: 6,
      outputs: ['clip_skip_1'],
    });
    expect(graph.nodes.some(({ name }) => name.includes('layers.0'))).toBe(false);
  });

  it.each([
    [{ length: 7 }, 'length'],
    [{ length: 5, outputs: ['clip_skip_2'] as const }, 'outputs'],
    [{ length: 5, outputs: ['hidden_states.9'] as const }, 'outputs'],
  ])('refuses %j', (options, subject) => {
    const build = () =>
      buildClipTextModel(parseClipTextConfig(tinyConfig), tinyTensors(), { variant, ...options });
    expect(build).toThrow(expect.objectContaining({ code: 'argument-invalid', subject }));
  });

  it('names a missing tensor and a wrong shape', () => {
    const build = (config: object) => () =>
      buildClipTextModel(parseClipTextConfig({ ...tinyConfig, ...config }), tinyTensors(), {
        variant,
        length: 6,
      });
    expect(build({ num_hidden_layers: 2 })).toThrow(
      expect.objectContaining({
        code: 'tensor-missing',
        subject: 'text_model.encoder.layers.1.layer_norm1.weight',
      }),
    );
    expect(build({ intermediate_size: 32 })).toThrow(
      expect.objectContaining({
        code: 'tensor-mismatch',
        subject: 'text_model.encoder.layers.0.mlp.fc1.weight',
        found: '[16,8]',
      }),
    );
  });
});

describe('parseClipTextConfig', () => {
  it.each([
    [{ hidden_act: 'mish' }, 'config-unsupported', 'hidden_act'],
    [{ model_type: 't5' }, 'config-unsupported', 'model_type'],
    [{ architectures: ['T5EncoderModel'] }, 'config-unsupported', 'architectures'],
    [{ num_attention_heads: 3 }, 'config-invalid', 'num_attention_heads'],
    [{ num_hidden_layers: '12' }, 'config-invalid', 'num_hidden_layers'],
    [{ layer_norm_eps: 0 }, 'config-invalid', 'layer_norm_eps'],
    [{ rotary_base: 10000 }, 'config-unsupported', 'rotary_base'],
  ])('refuses %j', (fields, code, subject) => {
    expect(() => parseClipTextConfig({ ...tinyConfig, ...fields })).toThrow(
      expect.objectContaining({ code, subject }),
    );
  });
});
