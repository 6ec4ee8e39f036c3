/** AutoencoderKL's config.json (diffusers, models/autoencoders/autoencoder_kl.py). */
import { type ActivationName, diffusersActivations } from '../activation-function.ts';
import { ConfigReader, depth } from '../config-reader.ts';

export interface AutoencoderKlConfig {
  readonly pictureChannels: number;
  readonly latentChannels: number;
  /** Channels per level, the picture's first. */
  readonly channels: readonly number[];
  /** Residual blocks per level of the encoder; the decoder has one more. */
  readonly layers: number;
  readonly activation: ActivationName;
  readonly normGroups: number;
  /** Latents as a diffusion model sees them are multiplied by this. */
  readonly scalingFactor: number;
  /** The 1x1 convolutions at the latents, which nearly all have. */
  readonly quantConvolution: boolean;
  readonly postQuantConvolution: boolean;
  readonly middleAttention: boolean;
}

/** Older configs have no such field, and are Stable Diffusion 1's. */
const defaultScalingFactor = 0.18215;

/** @throws EngineError 'config-invalid' | 'config-unsupported' naming the field */
export function parseAutoencoderKlConfig(json: unknown): AutoencoderKlConfig {
  const config = new ConfigReader(json, 'AutoencoderKL');
  config.refuseUnless('_class_name', 'AutoencoderKL');
  for (const field of ['shift_factor', 'latents_mean', 'latents_std']) config.refuseUnless(field, null);
  config.ignore('sample_size', 'force_upcast');
  const channels = config.integers('block_out_channels', [64]);
  for (const [field, type] of [
    ['down_block_types', 'DownEncoderBlock2D'],
    ['up_block_types', 'UpDecoderBlock2D'],
  ] as const) {
    const types = config.choices(field, [type], [type]);
    if (types.length !== channels.length) {
      throw config.invalid(
        field,
        types,
        `${channels.length} names, as many as block_out_channels has values`,
      );
    }
  }
  const normGroups = config.integer('norm_num_groups', 32);
  const odd = channels.find((count) => count % normGroups !== 0);
  if (odd !== undefined) throw config.invalid('norm_num_groups', normGroups, `a divisor of ${odd} channels`);
  const pictureChannels = config.integer('in_channels', 3);
  const outputs = config.integer('out_channels', 3);
  if (outputs !== pictureChannels) {
    throw config.unsupported('out_channels', outputs, `in_channels, ${pictureChannels}`);
  }
  const parsed: AutoencoderKlConfig = {
    pictureChannels,
    latentChannels: config.integer('latent_channels', 4),
    channels,
    layers: config.integer('layers_per_block', 1, depth),
    activation: config.choice('act_fn', diffusersActivations, 'silu'),
    normGroups,
    scalingFactor: config.number('scaling_factor', defaultScalingFactor, 0),
    quantConvolution: config.boolean('use_quant_conv', true),
    postQuantConvolution: config.boolean('use_post_quant_conv', true),
    middleAttention: config.boolean('mid_block_add_attention', true),
  };
  config.finish();
  return parsed;
}
