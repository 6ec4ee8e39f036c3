import { describe, expect, it, vi } from 'vitest';
import { expectOutputs, readReferenceCase, referenceDirectory } from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import { printGraph } from '../../onnx/print-graph.ts';
import { Checkpoint } from '../../weights/checkpoint.ts';
import {
  autoencoderKlEncoderOutputs,
  buildAutoencoderKlDecoder,
  buildAutoencoderKlEncoder,
} from './build.ts';
import { parseAutoencoderKlConfig } from './config.ts';

// Sessions are built one by one, on a machine that others may use, too.
vi.setConfig({ testTimeout: 60_000 });

const readCase = () => readReferenceCase(`${referenceDirectory}/vae-tiny-eps`, 'diffusion_pytorch_model');

/** What diffusers called the middle attention's layers before 0.18; published checkpoints still do. */
const legacyNames = { to_q: 'query', to_k: 'key', to_v: 'value', 'to_out.0': 'proj_attn' };

function withLegacyNames({ files, path, tensors }: Checkpoint): Checkpoint {
  const legacy = (name: string) =>
    Object.entries(legacyNames).reduce((found, [now, then]) => found.replace(`.${now}.`, `.${then}.`), name);
  return new Checkpoint(
    files,
    path,
    new Map([...tensors].map(([name, entry]) => [legacy(name), { ...entry, name: legacy(name) }])),
  );
}

describe.each([
  ['names of today', (checkpoint: Checkpoint) => checkpoint],
  ['legacy names', withLegacyNames],
])('%s', (_, named) => {
  it.each(['fused', 'decomposed'] as const)('agrees with the original, attention %s', async (attention) => {
    const { files, config, checkpoint, calls } = await readCase();
    const { tensors } = named(checkpoint);
    const parsed = parseAutoencoderKlConfig(config);
    expect(calls.length).toBeGreaterThan(0);
    for (const { inputs, outputs } of calls) {
      const [height, width] = (inputs.latents ?? inputs.image)!.shape.slice(2) as [number, number];
      const options = {
        variant: { attention, dtype: 'f32' } as const,
        height,
        width,
        outputs: autoencoderKlEncoderOutputs.filter((output) => output in outputs),
      };
      const build = inputs.latents ? buildAutoencoderKlDecoder : buildAutoencoderKlEncoder;
      expectOutputs(await runGraph(build(parsed, tensors, options), files, inputs), outputs);
    }
  });
});

it('prints: the middle attention, legacy names', async () => {
  const { config, checkpoint } = await readCase();
  const { tensors } = withLegacyNames(checkpoint);
  const graph = buildAutoencoderKlDecoder(parseAutoencoderKlConfig(config), tensors, {
    variant: { attention: 'decomposed', dtype: 'f32' },
    height: 4,
    width: 4,
  });
  const path = 'decoder.mid_block.attentions.0';
  const lines = printGraph(graph).split('\n');
  const attention = lines.filter((line) => line.startsWith(path)).join('\n');
  expect(attention.replaceAll(path, '*')).toMatchInlineSnapshot(`
    "*.group_norm/Reshape: f32[batch, 8, 64] = Reshape(decoder.mid_block.resnets.0/Add, [-1, 8, 64])
    *.group_norm/InstanceNormalization: f32[batch, 8, 64] = InstanceNormalization(*.group_norm/Reshape, [1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0]) epsilon=0.000001
    *.group_norm/Reshape_2: f32[batch, 32, 4, 4] = Reshape(*.group_norm/InstanceNormalization, [-1, 32, 4, 4])
    *.group_norm/Mul: f32[batch, 32, 4, 4] = Mul(*.group_norm/Reshape_2, *.group_norm.weight:32x1x1)
    *.group_norm/Add: f32[batch, 32, 4, 4] = Add(*.group_norm/Mul, *.group_norm.bias:32x1x1)
    */Reshape: f32[batch, 32, 16] = Reshape(*.group_norm/Add, [-1, 32, 16])
    */Transpose: f32[batch, 16, 32] = Transpose(*/Reshape) perm=[0, 2, 1]
    */Reshape_2: f32[16*batch, 32] = Reshape(*/Transpose, [-1, 32])
    *.query/Gemm: f32[16*batch, 32] = Gemm(*/Reshape_2, *.query.weight, *.query.bias) transB=1
    */Reshape_3: f32[batch, 16, 32] = Reshape(*.query/Gemm, [-1, 16, 32])
    *.key/Gemm: f32[16*batch, 32] = Gemm(*/Reshape_2, *.key.weight, *.key.bias) transB=1
    */Reshape_4: f32[batch, 16, 32] = Reshape(*.key/Gemm, [-1, 16, 32])
    *.value/Gemm: f32[16*batch, 32] = Gemm(*/Reshape_2, *.value.weight, *.value.bias) transB=1
    */Reshape_5: f32[batch, 16, 32] = Reshape(*.value/Gemm, [-1, 16, 32])
    */Mul: f32[batch, 16, 32] = Mul(*/Reshape_3, 0.176777)
    */Reshape_6: f32[batch, 16, 1, 32] = Reshape(*/Mul, [-1, 16, 1, 32])
    */Transpose_2: f32[batch, 1, 16, 32] = Transpose(*/Reshape_6) perm=[0, 2, 1, 3]
    */Reshape_7: f32[batch, 16, 1, 32] = Reshape(*/Reshape_4, [-1, 16, 1, 32])
    */Transpose_3: f32[batch, 1, 32, 16] = Transpose(*/Reshape_7) perm=[0, 2, 3, 1]
    */Reshape_8: f32[batch, 16, 1, 32] = Reshape(*/Reshape_5, [-1, 16, 1, 32])
    */Transpose_4: f32[batch, 1, 16, 32] = Transpose(*/Reshape_8) perm=[0, 2, 1, 3]
    */MatMul: f32[batch, 1, 16, 16] = MatMul(*/Transpose_2, */Transpose_3)
    */Softmax: f32[batch, 1, 16, 16] = Softmax(*/MatMul) axis=-1
    */MatMul_2: f32[batch, 1, 16, 32] = MatMul(*/Softmax, */Transpose_4)
    */Transpose_5: f32[batch, 16, 1, 32] = Transpose(*/MatMul_2) perm=[0, 2, 1, 3]
    */Reshape_9: f32[batch, 16, 32] = Reshape(*/Transpose_5, [-1, 16, 32])
    */Reshape_10: f32[16*batch, 32] = Reshape(*/Reshape_9, [-1, 32])
    *.proj_attn/Gemm: f32[16*batch, 32] = Gemm(*/Reshape_10, *.proj_attn.weight, *.proj_attn.bias) transB=1
    */Reshape_11: f32[batch, 16, 32] = Reshape(*.proj_attn/Gemm, [-1, 16, 32])
    */Transpose_6: f32[batch, 32, 16] = Transpose(*/Reshape_11) perm=[0, 2, 1]
    */Reshape_12: f32[batch, 32, 4, 4] = Reshape(*/Transpose_6, [-1, 32, 4, 4])
    */Add: f32[batch, 32, 4, 4] = Add(*/Reshape_12, decoder.mid_block.resnets.0/Add)"
  `);
});

describe('parseAutoencoderKlConfig', () => {
  it("takes Stable Diffusion 1's scaling factor where an old config has none", () => {
    const levels = { block_out_channels: [32], down_block_types: ['DownEncoderBlock2D'] };
    expect(parseAutoencoderKlConfig(levels).scalingFactor).toBe(0.18215);
    expect(parseAutoencoderKlConfig({ ...levels, scaling_factor: 0.13025 }).scalingFactor).toBe(0.13025);
  });

  it.each([
    [{ _class_name: 'VQModel' }, 'config-unsupported', '_class_name'],
    [{ up_block_types: ['AttnUpDecoderBlock2D'] }, 'config-unsupported', 'up_block_types'],
    [
      { down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'] },
      'config-invalid',
      'down_block_types',
    ],
    [{ shift_factor: 0.0609 }, 'config-unsupported', 'shift_factor'],
    [{ latents_mean: [0, 0, 0, 0] }, 'config-unsupported', 'latents_mean'],
    [{ scaling_factor: 0 }, 'config-invalid', 'scaling_factor'],
    [{ block_out_channels: [33] }, 'config-invalid', 'norm_num_groups'],
    [{ out_channels: 4 }, 'config-unsupported', 'out_channels'],
    [{ tiling: true }, 'config-unsupported', 'tiling'],
  ])('refuses %j by name', (fields, code, subject) => {
    expect(() => parseAutoencoderKlConfig(fields)).toThrow(expect.objectContaining({ code, subject }));
  });
});
