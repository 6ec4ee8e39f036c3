import { describe, expect, it, vi } from 'vitest';
import {
  expectOutputs,
  hasReferenceCase,
  readReferenceCase,
  recordingsOf,
  referenceDirectory,
  sharedDirectory,
} from '../../../testing/reference-case.ts';
import { runGraph } from '../../../testing/run-graph.ts';
import { tensorIndex } from '../../../testing/tensor-index.ts';
import { printGraph } from '../../onnx/print-graph.ts';
import {
  autoencoderTinyEncoderOutputs,
  buildAutoencoderTinyDecoder,
  buildAutoencoderTinyEncoder,
} from './build.ts';
import { parseAutoencoderTinyConfig } from './config.ts';

// Sessions are built one by one, on a machine that others may use, too.
vi.setConfig({ testTimeout: 60_000 });

const variant = { attention: 'decomposed', dtype: 'f32' } as const;

describe.each([`${referenceDirectory}/taesd-tiny`, `${sharedDirectory}/taesd`])('%s', (directory) => {
  const present = hasReferenceCase(directory);
  if (!present) console.warn(`Skipped: ${directory} is not on this machine.`);

  it.runIf(present)('agrees with the original', async () => {
    for (const recording of recordingsOf(directory)) {
      const { files, config, checkpoint, calls } = await readReferenceCase(
        directory,
        'diffusion_pytorch_model',
        recording,
      );
      const parsed = parseAutoencoderTinyConfig(config);
      expect(calls.length).toBeGreaterThan(0);
      for (const { inputs, outputs } of calls) {
        const [height, width] = (inputs.latents ?? inputs.image)!.shape.slice(2) as [number, number];
        const names = autoencoderTinyEncoderOutputs.filter((name) => name in outputs);
        const options = { variant, height, width, outputs: names };
        const build = inputs.latents ? buildAutoencoderTinyDecoder : buildAutoencoderTinyEncoder;
        expectOutputs(await runGraph(build(parsed, checkpoint.tensors, options), files, inputs), outputs);
      }
    }
  });
});

it('prints', () => {
  const config = parseAutoencoderTinyConfig({
    decoder_block_out_channels: [8, 8],
    num_decoder_blocks: [1, 0],
  });
  const block = (path: string) =>
    Object.fromEntries(
      [0, 2, 4].flatMap((i) => [
        [`${path}.${i}.weight`, [8, 8, 3, 3]],
        [`${path}.${i}.bias`, [8]],
      ]),
    );
  const tensors = tensorIndex({
    'decoder.layers.0.weight': [8, 4, 3, 3],
    'decoder.layers.0.bias': [8],
    ...block('decoder.layers.2.conv'),
    'decoder.layers.4.weight': [8, 8, 3, 3],
    'decoder.layers.5.weight': [3, 8, 3, 3],
    'decoder.layers.5.bias': [3],
  });
  const graph = buildAutoencoderTinyDecoder(config, tensors, { variant, height: 4, width: 6 });
  expect(printGraph(graph)).toMatchInlineSnapshot(`
    "autoencoder-tiny-decoder (opset 20)
    in  latents: f32[batch, 4, 4, 6]
    par decoder.layers.0.weight: f32[8, 4, 3, 3] (f32)
    par decoder.layers.0.bias: f32[8] (f32)
    par decoder.layers.2.conv.0.weight: f32[8, 8, 3, 3] (f32)
    par decoder.layers.2.conv.0.bias: f32[8] (f32)
    par decoder.layers.2.conv.2.weight: f32[8, 8, 3, 3] (f32)
    par decoder.layers.2.conv.2.bias: f32[8] (f32)
    par decoder.layers.2.conv.4.weight: f32[8, 8, 3, 3] (f32)
    par decoder.layers.2.conv.4.bias: f32[8] (f32)
    par decoder.layers.4.weight: f32[8, 8, 3, 3] (f32)
    par decoder.layers.5.weight: f32[3, 8, 3, 3] (f32)
    par decoder.layers.5.bias: f32[3] (f32)
    Mul: f32[batch, 4, 4, 6] = Mul(latents, 0.333333)
    Tanh: f32[batch, 4, 4, 6] = Tanh(Mul)
    Mul_2: f32[batch, 4, 4, 6] = Mul(Tanh, 3)
    decoder.layers.0/Conv: f32[batch, 8, 4, 6] = Conv(Mul_2, decoder.layers.0.weight, decoder.layers.0.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
    decoder/Relu: f32[batch, 8, 4, 6] = Relu(decoder.layers.0/Conv)
    decoder.layers.2.conv.0/Conv: f32[batch, 8, 4, 6] = Conv(decoder/Relu, decoder.layers.2.conv.0.weight, decoder.layers.2.conv.0.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
    decoder.layers.2/Relu: f32[batch, 8, 4, 6] = Relu(decoder.layers.2.conv.0/Conv)
    decoder.layers.2.conv.2/Conv: f32[batch, 8, 4, 6] = Conv(decoder.layers.2/Relu, decoder.layers.2.conv.2.weight, decoder.layers.2.conv.2.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
    decoder.layers.2/Relu_2: f32[batch, 8, 4, 6] = Relu(decoder.layers.2.conv.2/Conv)
    decoder.layers.2.conv.4/Conv: f32[batch, 8, 4, 6] = Conv(decoder.layers.2/Relu_2, decoder.layers.2.conv.4.weight, decoder.layers.2.conv.4.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
    decoder.layers.2/Add: f32[batch, 8, 4, 6] = Add(decoder.layers.2.conv.4/Conv, decoder/Relu)
    decoder.layers.2/Relu_3: f32[batch, 8, 4, 6] = Relu(decoder.layers.2/Add)
    decoder/Resize: f32[batch, 8, 8, 12] = Resize(decoder.layers.2/Relu_3, _, [1, 1, 2, 2]) mode=nearest coordinate_transformation_mode=asymmetric nearest_mode=floor
    decoder.layers.4/Conv: f32[batch, 8, 8, 12] = Conv(decoder/Resize, decoder.layers.4.weight) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
    decoder.layers.5/Conv: f32[batch, 3, 8, 12] = Conv(decoder.layers.4/Conv, decoder.layers.5.weight, decoder.layers.5.bias) kernel_shape=[3, 3] pads=[1, 1, 1, 1] strides=[1, 1]
    Mul_3: f32[batch, 3, 8, 12] = Mul(decoder.layers.5/Conv, 2)
    Add: f32[batch, 3, 8, 12] = Add(Mul_3, -1)
    sample: f32[batch, 3, 8, 12] = Identity(Add)
    out sample: f32[batch, 3, 8, 12]"
  `);
});

describe('parseAutoencoderTinyConfig', () => {
  it.each([
    [{ _class_name: 'AutoencoderKL' }, 'config-unsupported', '_class_name'],
    [{ act_fn: 'mish' }, 'config-unsupported', 'act_fn'],
    [{ num_decoder_blocks: [3, 1] }, 'config-invalid', 'num_decoder_blocks'],
    [{ upsample_fn: 'bilinear' }, 'config-unsupported', 'upsample_fn'],
    [{ shift_factor: 0.1 }, 'config-unsupported', 'shift_factor'],
    [{ latent_magnitude: -3 }, 'config-invalid', 'latent_magnitude'],
    [{ adapters: 2 }, 'config-unsupported', 'adapters'],
  ])('refuses %j by name', (fields, code, subject) => {
    expect(() => parseAutoencoderTinyConfig(fields)).toThrow(expect.objectContaining({ code, subject }));
  });
});
