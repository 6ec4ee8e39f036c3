/** UNet2DConditionModel's config.json (diffusers, models/unets/unet_2d_condition.py). */
import { type ActivationName, diffusersActivations } from '../activation-function.ts';
import { ConfigReader, depth } from '../config-reader.ts';
import type { TimestepEmbeddingConfig } from '../timestep-embedding.ts';

/** One resolution of the down or up path, or the middle. */
export interface UNetLevel {
  readonly channels: number;
  /** Residual blocks, each followed by a transformer where `transformer` is set. */
  readonly layers: number;
  readonly transformer: TransformerConfig | undefined;
}

export interface TransformerConfig {
  /** The config's attention_head_dim, a misnomer: it counts heads. */
  readonly heads: number;
  readonly blocks: number;
  /** The first attention of each block looks at the text, too. */
  readonly onlyCrossAttention: boolean;
}

export interface UNetMiddle {
  readonly transformer: TransformerConfig | undefined;
  /** The residual blocks' outputs are divided by this. */
  readonly outputScale: number;
}

export interface ResidualConfig {
  readonly activation: ActivationName;
  readonly normGroups: number;
  readonly normEpsilon: number;
  /** How the time enters: added before the second norm, or as scale and shift after it. */
  readonly timeScaleShift: 'default' | 'scale_shift';
}

export interface UNet2DConditionConfig extends TimestepEmbeddingConfig, ResidualConfig {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** The sample is mapped from 0..1 to -1..1 first. */
  readonly centerInput: boolean;
  readonly inputKernel: number;
  readonly outputKernel: number;
  /** Width of the embedded timestep. */
  readonly timeChannels: number;
  /** Activation between the embedding's layers and the network; normally none. */
  readonly timeActivation: ActivationName | undefined;
  readonly timePostActivation: ActivationName | undefined;
  /** Width of `timestep_cond` (LCM's guidance embedding); undefined without that input. */
  readonly timestepConditionChannels: number | undefined;
  /** Width of the text's hidden states. */
  readonly textChannels: number;
  readonly upcastAttention: boolean;
  /** From the finest level on. */
  readonly down: readonly UNetLevel[];
  readonly middle: UNetMiddle | undefined;
  /** From the coarsest level on; each layer takes one skip. */
  readonly up: readonly UNetLevel[];
}

const downBlocks = ['CrossAttnDownBlock2D', 'DownBlock2D'] as const;
const middleBlocks = ['UNetMidBlock2DCrossAttn', 'UNetMidBlock2D'] as const;
const upBlocks = ['CrossAttnUpBlock2D', 'UpBlock2D'] as const;

/** Of one layer, one after another. */
const transformers = { ...depth, minimum: 0 };

/** @throws EngineError 'config-invalid' | 'config-unsupported' naming the field */
export function parseUNet2DConditionConfig(json: unknown): UNet2DConditionConfig {
  const config = new ConfigReader(json, 'UNet2DConditionModel');
  refuseOtherArchitectures(config);
  const channels = config.integers('block_out_channels', [320, 640, 1280, 1280]);
  const levels = channels.length;
  const normGroups = config.integer('norm_num_groups', 32);
  const odd = channels.find((count) => count % normGroups !== 0);
  if (odd !== undefined) throw config.invalid('norm_num_groups', normGroups, `a divisor of ${odd} channels`);

  const downTypes = typesPerLevel(config, 'down_block_types', downBlocks, levels);
  const upTypes = typesPerLevel(config, 'up_block_types', upBlocks, levels);
  const layers = config.integerPerLevel('layers_per_block', 2, levels, depth);
  const heads = config.integerPerLevel('attention_head_dim', 8, levels);
  const blocks = config.integerPerLevel('transformer_layers_per_block', 1, levels, transformers);
  const blocksUp =
    config.value('reverse_transformer_layers_per_block') === undefined
      ? blocks.toReversed()
      : config.integerPerLevel('reverse_transformer_layers_per_block', 1, levels, transformers);
  const onlyCrossAttention = config.booleanPerLevel('only_cross_attention', false, levels);
  const middleType = middleTypeOf(config, json);

  const level = (i: number, transformerBlocks: number, transformed: boolean): UNetLevel => ({
    channels: channels[i]!,
    layers: layers[i]!,
    transformer: transformed
      ? { heads: heads[i]!, blocks: transformerBlocks, onlyCrossAttention: onlyCrossAttention[i]! }
      : undefined,
  });
  const last = levels - 1;
  const parsed: UNet2DConditionConfig = {
    inputChannels: config.integer('in_channels', 4),
    outputChannels: config.integer('out_channels', 4),
    centerInput: config.boolean('center_input_sample', false),
    inputKernel: oddKernel(config, 'conv_in_kernel'),
    outputKernel: oddKernel(config, 'conv_out_kernel'),
    timestepChannels: channels[0]!,
    flipSinToCos: config.boolean('flip_sin_to_cos', true),
    frequencyShift: config.number('freq_shift', 0),
    timeChannels: config.integer('time_embedding_dim', 4 * channels[0]!),
    timeActivation: config.optionalChoice('time_embedding_act_fn', diffusersActivations),
    timePostActivation: config.optionalChoice('timestep_post_act', diffusersActivations),
    timestepConditionChannels: config.optionalInteger('time_cond_proj_dim'),
    textChannels: textChannelsOf(config, levels),
    activation: config.choice('act_fn', diffusersActivations, 'silu'),
    normGroups,
    normEpsilon: config.number('norm_eps', 1e-5, 0),
    timeScaleShift: config.choice('resnet_time_scale_shift', ['default', 'scale_shift'], 'default'),
    upcastAttention: config.boolean('upcast_attention', false),
    down: downTypes.map((type, i) => level(i, blocks[i]!, type === 'CrossAttnDownBlock2D')),
    middle: middleType && {
      outputScale: config.number('mid_block_scale_factor', 1, 0),
      // The middle never attends to the text only, whatever only_cross_attention says.
      transformer:
        middleType === 'UNetMidBlock2DCrossAttn'
          ? { heads: heads[last]!, blocks: blocks[last]!, onlyCrossAttention: false }
          : undefined,
    },
    up: upTypes.map((type, i) => {
      const mirrored = level(last - i, blocksUp[i]!, type === 'CrossAttnUpBlock2D');
      return { ...mirrored, layers: mirrored.layers + 1 };
    }),
  };
  config.ignore('mid_block_scale_factor');
  config.finish();
  return parsed;
}

/** Fields that only other architectures use, or that have no effect on the outputs. */
function refuseOtherArchitectures(config: ConfigReader): void {
  config.refuseUnless('_class_name', 'UNet2DConditionModel');
  for (const field of [
    'num_attention_heads',
    'encoder_hid_dim',
    'encoder_hid_dim_type',
    'class_embed_type',
    'num_class_embeds',
    'projection_class_embeddings_input_dim',
    'addition_embed_type',
    'addition_time_embed_dim',
    'cross_attention_norm',
  ]) {
    config.refuseUnless(field, null);
  }
  for (const field of ['dual_cross_attention', 'class_embeddings_concat', 'resnet_skip_time_act']) {
    config.refuseUnless(field, false);
  }
  config.refuseUnless('resnet_out_scale_factor', 1);
  config.refuseUnless('downsample_padding', 1);
  config.refuseUnless('attention_type', 'default');
  config.refuseUnless('time_embedding_type', 'positional');
  config.ignore(
    'sample_size',
    'dropout',
    // Both kinds of projection are the same product; the weights' shapes tell them apart.
    'use_linear_projection',
    // Matters to UNetMidBlock2DSimpleCrossAttn only.
    'mid_block_only_cross_attention',
    // Matters with addition_embed_type only.
    'addition_embed_type_num_heads',
  );
}

function typesPerLevel<Name extends string>(
  config: ConfigReader,
  field: string,
  names: readonly Name[],
  levels: number,
): Name[] {
  const types = config.choices(field, names);
  if (types.length !== levels) {
    throw config.invalid(field, types, `${levels} names, as many as block_out_channels has values`);
  }
  return types;
}

/** null is legal and means no middle; only a missing field has the default. */
function middleTypeOf(config: ConfigReader, json: unknown): (typeof middleBlocks)[number] | undefined {
  const given = typeof json === 'object' && json !== null && 'mid_block_type' in json;
  const type = config.optionalChoice('mid_block_type', middleBlocks);
  return given ? type : 'UNetMidBlock2DCrossAttn';
}

/** A list may name a width per level, but all levels are given the same text. */
function textChannelsOf(config: ConfigReader, levels: number): number {
  const widths = config.integerPerLevel('cross_attention_dim', 1280, levels);
  if (widths.some((width) => width !== widths[0])) {
    throw config.unsupported('cross_attention_dim', widths, 'one width for all levels');
  }
  return widths[0]!;
}

function oddKernel(config: ConfigReader, field: string): number {
  const kernel = config.integer(field, 3);
  if (kernel % 2 === 0) throw config.unsupported(field, kernel, 'an odd size');
  return kernel;
}
