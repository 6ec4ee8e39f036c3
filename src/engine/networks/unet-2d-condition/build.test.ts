import { describe, expect, it, vi } from 'vitest';
import {
  expectOutputs,
  readReferenceCase,
  recordingsOf,
  referenceDirectory,
} from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import { floatTensor } from '../../core/tensor.ts';
import { planExternalData } from '../../onnx/external-data.ts';
import { printGraph } from '../../onnx/print-graph.ts';
import { timestepEmbedding } from '../timestep-embedding.ts';
import { buildUNet2DConditionModel } from './build.ts';
import { parseUNet2DConditionConfig } from './config.ts';
import { buildSplitUNet } from './text-projections.ts';

// Sessions are built one by one, on a machine that others may use, too.
vi.setConfig({ testTimeout: 60_000 });

const cases = [
  ...['unet-tiny-sd1-l1', 'unet-tiny-sdturbo', 'unet-tiny-eps', 'unet-tiny-odd-lcm'].map(
    (name) => `${referenceDirectory}/${name}`,
  ),
  // Config fields that no original case has; make_unet_variants.py tells how they were made.
  ...['unet-no-middle', 'unet-only-cross', 'unet-scale-shift'].map((name) => `fixtures/variants/${name}`),
];

describe.each(cases)('%s', (directory) => {
  it.each(['fused', 'decomposed'] as const)('agrees with the original, attention %s', async (attention) => {
    for (const recording of recordingsOf(directory)) {
      const {
        files,
        config: json,
        checkpoint,
        calls,
      } = await readReferenceCase(directory, 'diffusion_pytorch_model', recording);
      const config = parseUNet2DConditionConfig(json);
      expect(calls.length).toBeGreaterThan(0);
      for (const { inputs, outputs } of calls) {
        const { timestep, ...others } = inputs;
        const [batch, , height, width] = inputs.sample!.shape as [number, number, number, number];
        const graph = buildUNet2DConditionModel(config, checkpoint.tensors, {
          variant: { attention, dtype: 'f32' },
          height,
          width,
          textLength: inputs.encoder_hidden_states!.shape[1]!,
        });
        // The originals take one timestep for all or one each.
        const timesteps = Array.from({ length: batch }, (_, i) => timestep!.data[i] ?? timestep!.data[0]!);
        const embedding = timestepEmbedding(config, timesteps);
        const { out_sample } = await runGraph(graph, files, {
          ...others,
          timestep_embedding: floatTensor([batch, config.timestepChannels], embedding),
        });
        expectOutputs({ sample: out_sample! }, outputs);
      }
    }
  });
});

describe('buildSplitUNet', () => {
  it.each(cases)('agrees with the original of %s', async (directory) => {
    const {
      files,
      config: json,
      checkpoint,
      calls,
    } = await readReferenceCase(directory, 'diffusion_pytorch_model', recordingsOf(directory)[0]!);
    const config = parseUNet2DConditionConfig(json);
    const { inputs, outputs } = calls[0]!;
    const { timestep, encoder_hidden_states: states, ...others } = inputs;
    const [batch, , height, width] = inputs.sample!.shape as [number, number, number, number];
    const { projections, network, matrixBytes } = buildSplitUNet(config, checkpoint.tensors, {
      variant: { attention: 'fused', dtype: 'f32' },
      height,
      width,
      textLength: states!.shape[1]!,
    });
    const { text_projections: projected } = await runGraph(projections, files, {
      encoder_hidden_states: states!,
    });
    const channels = projected!.length / (batch * states!.shape[1]!);
    expect(matrixBytes).toBe(4 * channels * config.textChannels);
    const timesteps = Array.from({ length: batch }, (_, i) => timestep!.data[i] ?? timestep!.data[0]!);
    const embedding = timestepEmbedding(config, timesteps);
    const { out_sample } = await runGraph(network, files, {
      ...others,
      text_projections: floatTensor([batch, states!.shape[1]!, channels], projected!),
      timestep_embedding: floatTensor([batch, config.timestepChannels], embedding),
    });
    expectOutputs({ sample: out_sample! }, outputs);
  });
});

describe('buildUNet2DConditionModel', () => {
  const variant = { attention: 'fused', dtype: 'f32' } as const;
  const options = { variant, height: 8, width: 8, textLength: 77 };
  const tinyCase = () => readReferenceCase(`${referenceDirectory}/unet-tiny-eps`, 'diffusion_pytorch_model');

  it('prints: one down block', async () => {
    const { config, checkpoint } = await tinyCase();
    const graph = buildUNet2DConditionModel(parseUNet2DConditionConfig(config), checkpoint.tensors, options);
    const path = 'down_blocks.0.';
    const lines = printGraph(graph).split('\n');
    const block = lines.filter((line) => line.startsWith(path)).join('\n');
    expect(
      block.replaceAll(path, '').replaceAll('attentions.0.transformer_blocks.0', '*'),
    ).toMatchInlineSnapshot(`
      "resnets.0.norm1/Mul: f32[batch, 16, 8, 8] = Mul(conv_in/Conv, 0.316228)
      resnets.0.norm1/Reshape: f32[batch, 8, 128] = Reshape(resnets.0.norm1/Mul, [-1, 8, 128])
      resnets.0.norm1/InstanceNormalization: f32[batch, 8, 128] = InstanceNormalization(resnets.0.norm1/Reshape, [1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0]) epsilon=0.000001
      resnets.0.norm1/Reshape_2: f32[batch, 16, 8, 8] = Reshape(resnets.0.norm1/InstanceNormalization, [-1, 16, 8, 8])
      resnets.0.norm1/Mul_2: f32[batch, 16, 8, 8] = Mul(resnets.0.norm1/Reshape_2, resnets.0.norm1.weight:16x1x1)
      resnets.0.norm1/Add: f32[batch, 16, 8, 8] = Add(resnets.0.norm1/Mul_2, resnets.0.norm1.bias:16x1x1)
      resnets.0/QuickGelu: f32[batch, 16, 8, 8] = QuickGelu(resnets.0.norm1/Add) alpha=1
      resnets.0.conv1/Conv: f32[batch, 16, 8, 8] = Conv(resnets.0/QuickGelu, resnets.0.conv1.weight, resnets.0.conv1.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
      resnets.0.time_emb_proj/Gemm: f32[batch, 16] = Gemm(QuickGelu, resnets.0.time_emb_proj.weight, resnets.0.time_emb_proj.bias) transB=1
      resnets.0/Reshape: f32[batch, 16, 1, 1] = Reshape(resnets.0.time_emb_proj/Gemm, [-1, 16, 1, 1])
      resnets.0/Add: f32[batch, 16, 8, 8] = Add(resnets.0.conv1/Conv, resnets.0/Reshape)
      resnets.0.norm2/Mul: f32[batch, 16, 8, 8] = Mul(resnets.0/Add, 0.316228)
      resnets.0.norm2/Reshape: f32[batch, 8, 128] = Reshape(resnets.0.norm2/Mul, [-1, 8, 128])
      resnets.0.norm2/InstanceNormalization: f32[batch, 8, 128] = InstanceNormalization(resnets.0.norm2/Reshape, [1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0]) epsilon=0.000001
      resnets.0.norm2/Reshape_2: f32[batch, 16, 8, 8] = Reshape(resnets.0.norm2/InstanceNormalization, [-1, 16, 8, 8])
      resnets.0.norm2/Mul_2: f32[batch, 16, 8, 8] = Mul(resnets.0.norm2/Reshape_2, resnets.0.norm2.weight:16x1x1)
      resnets.0.norm2/Add: f32[batch, 16, 8, 8] = Add(resnets.0.norm2/Mul_2, resnets.0.norm2.bias:16x1x1)
      resnets.0/QuickGelu_2: f32[batch, 16, 8, 8] = QuickGelu(resnets.0.norm2/Add) alpha=1
      resnets.0.conv2/Conv: f32[batch, 16, 8, 8] = Conv(resnets.0/QuickGelu_2, resnets.0.conv2.weight, resnets.0.conv2.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
      resnets.0/Add_2: f32[batch, 16, 8, 8] = Add(conv_in/Conv, resnets.0.conv2/Conv)
      attentions.0.norm/Reshape: f32[batch, 8, 128] = Reshape(resnets.0/Add_2, [-1, 8, 128])
      attentions.0.norm/InstanceNormalization: f32[batch, 8, 128] = InstanceNormalization(attentions.0.norm/Reshape, [1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0]) epsilon=0.000001
      attentions.0.norm/Reshape_2: f32[batch, 16, 8, 8] = Reshape(attentions.0.norm/InstanceNormalization, [-1, 16, 8, 8])
      attentions.0.norm/Mul: f32[batch, 16, 8, 8] = Mul(attentions.0.norm/Reshape_2, attentions.0.norm.weight:16x1x1)
      attentions.0.norm/Add: f32[batch, 16, 8, 8] = Add(attentions.0.norm/Mul, attentions.0.norm.bias:16x1x1)
      attentions.0/Reshape: f32[batch, 16, 64] = Reshape(attentions.0.norm/Add, [-1, 16, 64])
      attentions.0/Transpose: f32[batch, 64, 16] = Transpose(attentions.0/Reshape) perm=[0, 2, 1]
      attentions.0/Reshape_2: f32[64*batch, 16] = Reshape(attentions.0/Transpose, [-1, 16])
      attentions.0.proj_in/Gemm: f32[64*batch, 16] = Gemm(attentions.0/Reshape_2, attentions.0.proj_in.weight:16x16, attentions.0.proj_in.bias) transB=1
      *.norm1/LayerNormalization: f32[64*batch, 16] = LayerNormalization(attentions.0.proj_in/Gemm, *.norm1.weight, *.norm1.bias) axis=-1 epsilon=0.00001
      *.attn1.to_q/Gemm: f32[64*batch, 16] = Gemm(*.norm1/LayerNormalization, *.attn1.to_q.weight) transB=1
      *.attn1/Reshape: f32[batch, 64, 16] = Reshape(*.attn1.to_q/Gemm, [-1, 64, 16])
      *.attn1.to_k/Gemm: f32[64*batch, 16] = Gemm(*.norm1/LayerNormalization, *.attn1.to_k.weight) transB=1
      *.attn1/Reshape_2: f32[batch, 64, 16] = Reshape(*.attn1.to_k/Gemm, [-1, 64, 16])
      *.attn1.to_v/Gemm: f32[64*batch, 16] = Gemm(*.norm1/LayerNormalization, *.attn1.to_v.weight) transB=1
      *.attn1/Reshape_3: f32[batch, 64, 16] = Reshape(*.attn1.to_v/Gemm, [-1, 64, 16])
      *.attn1/MultiHeadAttention: f32[batch, 64, 16] = MultiHeadAttention(*.attn1/Reshape, *.attn1/Reshape_2, *.attn1/Reshape_3) num_heads=4
      *.attn1/Reshape_4: f32[64*batch, 16] = Reshape(*.attn1/MultiHeadAttention, [-1, 16])
      *.attn1.to_out.0/Gemm: f32[64*batch, 16] = Gemm(*.attn1/Reshape_4, *.attn1.to_out.0.weight, *.attn1.to_out.0.bias) transB=1
      */Add: f32[64*batch, 16] = Add(attentions.0.proj_in/Gemm, *.attn1.to_out.0/Gemm)
      *.norm2/LayerNormalization: f32[64*batch, 16] = LayerNormalization(*/Add, *.norm2.weight, *.norm2.bias) axis=-1 epsilon=0.00001
      *.attn2.to_q/Gemm: f32[64*batch, 16] = Gemm(*.norm2/LayerNormalization, *.attn2.to_q.weight) transB=1
      *.attn2/Reshape: f32[batch, 64, 16] = Reshape(*.attn2.to_q/Gemm, [-1, 64, 16])
      *.attn2.to_k/Gemm: f32[77*batch, 16] = Gemm(Reshape, *.attn2.to_k.weight) transB=1
      *.attn2/Reshape_2: f32[batch, 77, 16] = Reshape(*.attn2.to_k/Gemm, [-1, 77, 16])
      *.attn2.to_v/Gemm: f32[77*batch, 16] = Gemm(Reshape, *.attn2.to_v.weight) transB=1
      *.attn2/Reshape_3: f32[batch, 77, 16] = Reshape(*.attn2.to_v/Gemm, [-1, 77, 16])
      *.attn2/MultiHeadAttention: f32[batch, 64, 16] = MultiHeadAttention(*.attn2/Reshape, *.attn2/Reshape_2, *.attn2/Reshape_3) num_heads=4
      *.attn2/Reshape_4: f32[64*batch, 16] = Reshape(*.attn2/MultiHeadAttention, [-1, 16])
      *.attn2.to_out.0/Gemm: f32[64*batch, 16] = Gemm(*.attn2/Reshape_4, *.attn2.to_out.0.weight, *.attn2.to_out.0.bias) transB=1
      */Add_2: f32[64*batch, 16] = Add(*/Add, *.attn2.to_out.0/Gemm)
      *.ff.norm3/LayerNormalization: f32[64*batch, 16] = LayerNormalization(*/Add_2, *.norm3.weight, *.norm3.bias) axis=-1 epsilon=0.00001
      *.ff.net.0.proj/Gemm: f32[64*batch, 64] = Gemm(*.ff.norm3/LayerNormalization, *.ff.net.0.proj.weight[0:64], *.ff.net.0.proj.bias[0:64]) transB=1
      *.ff.net.0.proj/Gemm_2: f32[64*batch, 64] = Gemm(*.ff.norm3/LayerNormalization, *.ff.net.0.proj.weight[64:128], *.ff.net.0.proj.bias[64:128]) transB=1
      *.ff.net.0.proj/Gelu: f32[64*batch, 64] = Gelu(*.ff.net.0.proj/Gemm_2) approximate=none
      *.ff.net.0.proj/Mul: f32[64*batch, 64] = Mul(*.ff.net.0.proj/Gemm, *.ff.net.0.proj/Gelu)
      *.ff.net.2/Gemm: f32[64*batch, 16] = Gemm(*.ff.net.0.proj/Mul, *.ff.net.2.weight, *.ff.net.2.bias) transB=1
      */Add_3: f32[64*batch, 16] = Add(*/Add_2, *.ff.net.2/Gemm)
      attentions.0.proj_out/Gemm: f32[64*batch, 16] = Gemm(*/Add_3, attentions.0.proj_out.weight:16x16, attentions.0.proj_out.bias) transB=1
      attentions.0/Reshape_3: f32[batch, 64, 16] = Reshape(attentions.0.proj_out/Gemm, [-1, 64, 16])
      attentions.0/Transpose_2: f32[batch, 16, 64] = Transpose(attentions.0/Reshape_3) perm=[0, 2, 1]
      attentions.0/Reshape_4: f32[batch, 16, 8, 8] = Reshape(attentions.0/Transpose_2, [-1, 16, 8, 8])
      attentions.0/Add: f32[batch, 16, 8, 8] = Add(attentions.0/Reshape_4, resnets.0/Add_2)
      downsamplers.0.conv/Conv: f32[batch, 16, 4, 4] = Conv(attentions.0/Add, downsamplers.0.conv.weight, downsamplers.0.conv.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[2, 2]"
    `);
  });

  // docs/decisions/2026-11-24-one-epsilon.md
  it('has one epsilon in all instance norms, whatever the config says', async () => {
    const { config, checkpoint } = await tinyCase();
    const parsed = parseUNet2DConditionConfig({ ...(config as object), norm_eps: 1e-3 });
    const { nodes } = buildUNet2DConditionModel(parsed, checkpoint.tensors, options);
    const norms = nodes.filter(({ operator }) => operator === 'InstanceNormalization');
    expect(norms.length).toBeGreaterThan(10);
    expect(new Set(norms.map(({ attributes }) => attributes.epsilon!.value)).size).toBe(1);
  });

  it('references every tensor of a float32 checkpoint where it lies', async () => {
    const { config, checkpoint } = await tinyCase();
    const graph = buildUNet2DConditionModel(parseUNet2DConditionConfig(config), checkpoint.tensors, options);
    expect(planExternalData(graph).packed).toEqual([]);
  });

  it('uses every tensor of the checkpoint', async () => {
    const { config, checkpoint } = await tinyCase();
    const graph = buildUNet2DConditionModel(parseUNet2DConditionConfig(config), checkpoint.tensors, options);
    const used = new Set(
      graph.initializers.flatMap(({ source }) =>
        source.kind === 'checkpoint' ? [source.entry.name.replace(/\[.*/, '')] : [],
      ),
    );
    expect([...checkpoint.tensors.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  it('names a missing tensor, a wrong shape and a wrong size', async () => {
    const { config, checkpoint } = await tinyCase();
    const build =
      (fields: object, size: object = {}) =>
      () =>
        buildUNet2DConditionModel(
          parseUNet2DConditionConfig({ ...(config as object), ...fields }),
          checkpoint.tensors,
          { ...options, ...size },
        );
    expect(build({ layers_per_block: 2 })).toThrow(
      expect.objectContaining({ code: 'tensor-missing', subject: 'down_blocks.0.resnets.1.norm1.weight' }),
    );
    expect(build({ cross_attention_dim: 32 })).toThrow(
      expect.objectContaining({
        code: 'tensor-mismatch',
        subject: 'down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight',
        found: '[16,24]',
        wanted: '[16,32] or [16,32,1,1]',
      }),
    );
    expect(build({}, { height: 0 })).toThrow(
      expect.objectContaining({ code: 'argument-invalid', subject: 'height' }),
    );
  });
});
