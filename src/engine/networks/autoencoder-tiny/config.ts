/** AutoencoderTiny's config.json (diffusers, models/autoencoders/autoencoder_tiny.py). */
import { type ActivationName, diffusersActivations } from '../activation-function.ts';
import { ConfigReader, depth } from '../config-reader.ts';

export interface AutoencoderTinyConfig {
  /** Channels of a picture. */
  readonly pictureChannels: number;
  readonly latentChannels: number;
  readonly activation: ActivationName;
  /** Levels of the encoder, the picture's first. */
  readonly encoder: readonly AutoencoderTinyLevel[];
  /** Levels of the decoder, the latents' first. */
  readonly decoder: readonly AutoencoderTinyLevel[];
  /** Factor by which one level of the decoder enlarges. */
  readonly upsamplingFactor: number;
  /** Latents as a diffusion model sees them are multiplied by this. */
  readonly scalingFactor: number;
  /** Latents span -magnitude to magnitude; stored as a picture, 0 lies at `latentShift`. */
  readonly latentMagnitude: number;
  readonly latentShift: number;
}

export interface AutoencoderTinyLevel {
  readonly channels: number;
  readonly blocks: number;
}

/** All published ones have 2; a level's factor multiplies the memory by its square. */
const largestUpsampling = 16;

/** @throws EngineError 'config-invalid' | 'config-unsupported' naming the field */
export function parseAutoencoderTinyConfig(json: unknown): AutoencoderTinyConfig {
  const config = new ConfigReader(json, 'AutoencoderTiny');
  config.refuseUnless('_class_name', 'AutoencoderTiny');
  config.refuseUnless('upsample_fn', 'nearest');
  config.refuseUnless('shift_factor', 0);
  // `block_out_channels` is the decoder's list again, for older callers.
  config.ignore('force_upcast', 'block_out_channels');
  const levels = (channelsField: string, blocksField: string, blocksDefault: readonly number[]) => {
    const channels = config.integers(channelsField, [64, 64, 64, 64]);
    const blocks = config.integers(blocksField, blocksDefault, { ...depth, minimum: 0 });
    if (blocks.length !== channels.length) {
      throw config.invalid(
        blocksField,
        blocks,
        `${channels.length} values, one per entry of ${channelsField}`,
      );
    }
    return channels.map((count, level) => ({ channels: count, blocks: blocks[level]! }));
  };
  const pictureChannels = config.integer('in_channels', 3);
  const outputs = config.integer('out_channels', 3);
  if (outputs !== pictureChannels) {
    throw config.unsupported('out_channels', outputs, `in_channels, ${pictureChannels}`);
  }
  const parsed: AutoencoderTinyConfig = {
    pictureChannels,
    latentChannels: config.integer('latent_channels', 4),
    activation: config.choice('act_fn', diffusersActivations, 'relu'),
    encoder: levels('encoder_block_out_channels', 'num_encoder_blocks', [1, 3, 3, 3]),
    decoder: levels('decoder_block_out_channels', 'num_decoder_blocks', [3, 3, 3, 1]),
    upsamplingFactor: config.integer('upsampling_scaling_factor', 2, { maximum: largestUpsampling }),
    scalingFactor: config.number('scaling_factor', 1, 0),
    latentMagnitude: config.number('latent_magnitude', 3, 0),
    latentShift: config.number('latent_shift', 0.5),
  };
  config.finish();
  return parsed;
}
