/**
 * AutoencoderTiny (TAESD's architecture; diffusers, models/autoencoders/{autoencoder_tiny,vae}.py): convolutions
 * without norms, numbered through as one sequence of layers, the activations counted.
 */
import type { Graph, Value } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { relu, tanh } from '../../onnx/ops/activation.ts';
import { add, clip, scale, shift } from '../../onnx/ops/elementwise.ts';
import { upsampleNearest } from '../../onnx/ops/resize.ts';
import { type ActivationName, activate } from '../activation-function.ts';
import { channelsOf, convolutionLayer } from '../layers.ts';
import { NetworkModule, type TensorIndex } from '../network-module.ts';
import type { PictureGraphOptions } from '../picture-graph-options.ts';
import type { AutoencoderTinyConfig } from './config.ts';

/** The decoder's sequence clamps latents smoothly to this range. */
const softClamp = 3;

/**
 * in: latents [B, latentChannels, h, w], divided by the scaling factor;
 * out: sample [B, 3, H, W], about -1 to 1, not clamped.
 * @throws EngineError 'tensor-missing' | 'tensor-mismatch' | 'graph-invalid'
 */
export function buildAutoencoderTinyDecoder(
  config: AutoencoderTinyConfig,
  tensors: TensorIndex,
  { variant, batch = 'batch', height, width }: PictureGraphOptions,
): Graph {
  const g = new GraphBuilder({ name: 'autoencoder-tiny-decoder', dtype: variant.dtype });
  const latents = g.floatInput('latents', [batch, config.latentChannels, height, width]);
  const clamped = scale(g, tanh(g, scale(g, latents, 1 / softClamp)), softClamp);
  const picture = new NetworkModule(g, tensors).child('decoder', (decoder) => {
    let layer = 0;
    const name = () => `layers.${layer++}`;
    let x = convolutionLayer(decoder, name(), clamped, { outputs: config.decoder[0]!.channels, kernel: 3 });
    x = activate(g, x, config.activation);
    layer++;
    config.decoder.forEach(({ channels, blocks }, level) => {
      const last = level === config.decoder.length - 1;
      for (let i = 0; i < blocks; i++) x = tinyBlock(decoder, name(), x, channels, config.activation);
      if (!last) {
        x = upsampleNearest(g, x, config.upsamplingFactor);
        layer++;
      }
      const outputs = last ? config.pictureChannels : channels;
      x = convolutionLayer(decoder, name(), x, { outputs, kernel: 3, bias: last });
    });
    return x;
  });
  g.output(shift(g, scale(g, picture, 2), -1), 'sample');
  return g.build();
}

/** What an encoder's graph can give. */
export const autoencoderTinyEncoderOutputs = ['latents', 'scaled_0_1', 'unscaled_back'] as const;

export type AutoencoderTinyEncoderOutput = (typeof autoencoderTinyEncoderOutputs)[number];

/**
 * in: image [B, 3, H, W], -1 to 1; out, as asked for, all [B, latentChannels, h, w]:
 * latents (unscaled), scaled_0_1 (latents as a picture's values, 0 to 1), unscaled_back (those as latents again).
 * @throws EngineError 'tensor-missing' | 'tensor-mismatch' | 'graph-invalid'
 */
export function buildAutoencoderTinyEncoder(
  config: AutoencoderTinyConfig,
  tensors: TensorIndex,
  options: PictureGraphOptions & { readonly outputs?: readonly AutoencoderTinyEncoderOutput[] },
): Graph {
  const { variant, batch = 'batch', height, width, outputs = ['latents'] } = options;
  const g = new GraphBuilder({ name: 'autoencoder-tiny-encoder', dtype: variant.dtype });
  const image = g.floatInput('image', [batch, config.pictureChannels, height, width]);
  const normal = scale(g, shift(g, image, 1), 0.5);
  const latents = new NetworkModule(g, tensors).child('encoder', (encoder) => {
    let layer = 0;
    const name = () => `layers.${layer++}`;
    let x = normal;
    config.encoder.forEach(({ channels, blocks }, level) => {
      const first = level === 0;
      const stride = first ? 1 : 2;
      x = convolutionLayer(encoder, name(), x, {
        outputs: channels,
        kernel: 3,
        stride,
        padding: 1,
        bias: first,
      });
      for (let i = 0; i < blocks; i++) x = tinyBlock(encoder, name(), x, channels, config.activation);
    });
    return convolutionLayer(encoder, name(), x, { outputs: config.latentChannels, kernel: 3 });
  });
  const { latentMagnitude, latentShift } = config;
  const scaled = clip(g, shift(g, scale(g, latents, 1 / (2 * latentMagnitude)), latentShift), 0, 1);
  const values: Record<AutoencoderTinyEncoderOutput, Value> = {
    latents,
    scaled_0_1: scaled,
    unscaled_back: scale(g, shift(g, scaled, -latentShift), 2 * latentMagnitude),
  };
  for (const name of outputs) g.output(values[name], name);
  return g.build();
}

/** relu(conv act conv act conv (x) + skip(x)); the last is a relu whatever the activation. */
function tinyBlock(
  parent: NetworkModule,
  name: string,
  x: Value,
  outputs: number,
  activation: ActivationName,
): Value {
  return parent.child(name, (m) => {
    const g = m.graph;
    let h = x;
    for (const position of [0, 2, 4]) {
      h = convolutionLayer(m, `conv.${position}`, h, { outputs, kernel: 3 });
      if (position < 4) h = activate(g, h, activation);
    }
    const skip =
      channelsOf(x) === outputs ? x : convolutionLayer(m, 'skip', x, { outputs, kernel: 1, bias: false });
    return relu(g, add(g, h, skip));
  });
}
