/** AutoencoderKL (diffusers, models/autoencoders/{autoencoder_kl,vae}.py), decoder and encoder. */
import type { Graph, Value } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { clip, exp, scale } from '../../onnx/ops/elementwise.ts';
import { split } from '../../onnx/ops/shape.ts';
import { activate } from '../activation-function.ts';
import { type ChannelParts, upsampledConvolution } from '../channel-parts.ts';
import type { GraphVariant } from '../graph-variant.ts';
import { channelsOf, convolutionLayer, groupNormLayer } from '../layers.ts';
import { NetworkModule, type TensorIndex } from '../network-module.ts';
import type { PictureGraphOptions } from '../picture-graph-options.ts';
import { resnetBlock } from '../resnet-block.ts';
import type { AutoencoderKlConfig } from './config.ts';
import { middleAttention } from './middle-attention.ts';

/** Hard-coded in the original for every norm. */
export const normEpsilon = 1e-6;

/** Limits of the logarithm of the variance. */
const logvarRange = { minimum: -30, maximum: 20 } as const;

/**
 * in: latents [B, latentChannels, h, w], divided by the scaling factor; out: sample [B, 3, H, W], about -1 to 1.
 * @throws EngineError 'tensor-missing' | 'tensor-mismatch' | 'graph-invalid'
 */
export function buildAutoencoderKlDecoder(
  config: AutoencoderKlConfig,
  tensors: TensorIndex,
  options: PictureGraphOptions,
): Graph {
  const g = new GraphBuilder({ name: 'autoencoder-kl-decoder', dtype: options.variant.dtype });
  const root = new NetworkModule(g, tensors);
  const hidden = decoderLevels(root, config, options, config.channels.length);
  g.output(
    root.child('decoder', (m) => outputLayers(m, hidden, config.pictureChannels, config)),
    'sample',
  );
  return g.build();
}

/**
 * The decoder's beginning: the middle block and the first levels. What follows is made of `decoderStages`.
 * in: latents [B, latentChannels, h, w]; out: hidden, what the next level takes
 * @param levels fewer than the decoder has
 * @throws EngineError 'tensor-missing' | 'tensor-mismatch' | 'graph-invalid'
 */
export function buildAutoencoderKlDecoderHead(
  config: AutoencoderKlConfig,
  tensors: TensorIndex,
  options: PictureGraphOptions,
  levels: number,
): Graph {
  const g = new GraphBuilder({ name: 'autoencoder-kl-decoder-head', dtype: options.variant.dtype });
  g.output(decoderLevels(new NetworkModule(g, tensors), config, options, levels), 'hidden');
  return g.build();
}

function decoderLevels(
  root: NetworkModule,
  config: AutoencoderKlConfig,
  { variant, batch = 'batch', height, width }: PictureGraphOptions,
  levels: number,
): Value {
  const latents = root.graph.floatInput('latents', [batch, config.latentChannels, height, width]);
  const channelsByLevel = config.channels.toReversed();
  const input = config.postQuantConvolution ? pointwise(root, 'post_quant_conv', latents) : latents;
  return root.child('decoder', (decoder) => {
    let x = convolutionLayer(decoder, 'conv_in', input, { outputs: channelsByLevel[0]!, kernel: 3 });
    x = decoder.child('mid_block', (m) => middleBlock(m, x, config, variant));
    let parts: ChannelParts = [x];
    for (const [level, channels] of channelsByLevel.slice(0, levels).entries()) {
      parts = decoder.child(`up_blocks.${level}`, (m) => {
        const y = resnets(m, parts, channels, config.layers + 1, config);
        if (level === channelsByLevel.length - 1) return [y];
        const count = partsAfterLevel(config, level, levels);
        return upsampledConvolution(m, 'upsamplers.0.conv', y, channels, count);
      });
    }
    return parts[0]!;
  });
}

/**
 * In how many parts by channels a level of the decoder's first `levels` gives its enlarged map. Before the last level a
 * map in one piece would be the largest tensor of all (256 channels of 512x512 in Stable Diffusion), so it comes in
 * parts that are no wider than what follows.
 */
export function partsAfterLevel(
  { channels, normGroups }: AutoencoderKlConfig,
  level: number,
  levels: number,
): number {
  if (level + 2 !== channels.length || levels !== channels.length) return 1;
  const parts = channels[1]! / channels[0]!;
  return Number.isInteger(parts) && normGroups % parts === 0 ? parts : 1;
}

/** What an encoder's graph can give. */
export const autoencoderKlEncoderOutputs = ['mean', 'logvar', 'std'] as const;

export type AutoencoderKlEncoderOutput = (typeof autoencoderKlEncoderOutputs)[number];

/**
 * in: image [B, 3, H, W], -1 to 1; out, as asked for, all [B, latentChannels, h, w]: mean, logvar (clamped) and
 * std of the latents' distribution. Latents for a diffusion model are (mean + std * noise) * scalingFactor.
 * @throws EngineError 'tensor-missing' | 'tensor-mismatch' | 'graph-invalid'
 */
export function buildAutoencoderKlEncoder(
  config: AutoencoderKlConfig,
  tensors: TensorIndex,
  options: PictureGraphOptions & { readonly outputs?: readonly AutoencoderKlEncoderOutput[] },
): Graph {
  const { variant, batch = 'batch', height, width, outputs = autoencoderKlEncoderOutputs } = options;
  const g = new GraphBuilder({ name: 'autoencoder-kl-encoder', dtype: variant.dtype });
  const root = new NetworkModule(g, tensors);
  const image = g.floatInput('image', [batch, config.pictureChannels, height, width]);
  const moments = root.child('encoder', (encoder) => {
    let x = convolutionLayer(encoder, 'conv_in', image, { outputs: config.channels[0]!, kernel: 3 });
    config.channels.forEach((channels, i) => {
      const last = i === config.channels.length - 1;
      x = encoder.child(`down_blocks.${i}`, (m) => {
        const y = resnets(m, [x], channels, config.layers, config);
        return last ? y : downsample(m, y);
      });
    });
    x = encoder.child('mid_block', (m) => middleBlock(m, x, config, variant));
    return outputLayers(encoder, x, 2 * config.latentChannels, config);
  });
  const output = config.quantConvolution ? pointwise(root, 'quant_conv', moments) : moments;
  const [mean, unlimited] = split(g, output, 1, 2);
  const logvar = clip(g, unlimited!, logvarRange.minimum, logvarRange.maximum);
  const values: Record<AutoencoderKlEncoderOutput, Value> = {
    mean: mean!,
    logvar,
    std: exp(g, scale(g, logvar, 0.5)),
  };
  for (const name of outputs) g.output(values[name], name);
  return g.build();
}

/** A 1x1 convolution that keeps the number of channels. */
function pointwise(parent: NetworkModule, name: string, x: Value): Value {
  return convolutionLayer(parent, name, x, { outputs: channelsOf(x), kernel: 1 });
}

function middleBlock(m: NetworkModule, x: Value, config: AutoencoderKlConfig, variant: GraphVariant): Value {
  const options = residualOptions(channelsOf(x), config);
  const norm = { groups: config.normGroups, epsilon: normEpsilon };
  const first = resnetBlock(m, 'resnets.0', x, options);
  const mixed = config.middleAttention ? middleAttention(m, 'attentions.0', first, variant, norm) : first;
  return resnetBlock(m, 'resnets.1', mixed, options);
}

function resnets(
  m: NetworkModule,
  x: ChannelParts,
  channels: number,
  count: number,
  config: AutoencoderKlConfig,
): Value {
  const options = residualOptions(channels, config);
  let y = resnetBlock(m, 'resnets.0', x, options);
  for (let i = 1; i < count; i++) y = resnetBlock(m, `resnets.${i}`, y, options);
  return y;
}

function residualOptions(channels: number, { activation, normGroups }: AutoencoderKlConfig) {
  return { channels, activation, normGroups, normEpsilon };
}

/** Padded at the right and bottom only, unlike the U-Net's. */
function downsample(m: NetworkModule, x: Value): Value {
  const options = { outputs: channelsOf(x), kernel: 3, stride: 2, padding: [0, 0, 1, 1] } as const;
  return convolutionLayer(m, 'downsamplers.0.conv', x, options);
}

function outputLayers(m: NetworkModule, x: Value, outputs: number, config: AutoencoderKlConfig): Value {
  const normal = groupNormLayer(m, 'conv_norm_out', x, { groups: config.normGroups, epsilon: normEpsilon });
  return convolutionLayer(m, 'conv_out', activate(m.graph, normal, config.activation), {
    outputs,
    kernel: 3,
  });
}
