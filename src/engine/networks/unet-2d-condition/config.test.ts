import { describe, expect, it } from 'vitest';
import { parseUNet2DConditionConfig } from './config.ts';

const twoLevels = {
  _class_name: 'UNet2DConditionModel',
  block_out_channels: [32, 64],
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
};

describe('parseUNet2DConditionConfig', () => {
  it("has the original's defaults", () => {
    expect(parseUNet2DConditionConfig(twoLevels)).toMatchObject({
      inputChannels: 4,
      timeChannels: 128,
      textChannels: 1280,
      normGroups: 32,
      normEpsilon: 1e-5,
      flipSinToCos: true,
      down: [
        { channels: 32, layers: 2, transformer: { heads: 8, blocks: 1, onlyCrossAttention: false } },
        { channels: 64, layers: 2, transformer: undefined },
      ],
      middle: { outputScale: 1, transformer: { heads: 8, blocks: 1, onlyCrossAttention: false } },
      up: [
        { channels: 64, layers: 3, transformer: undefined },
        { channels: 32, layers: 3, transformer: { heads: 8, blocks: 1, onlyCrossAttention: false } },
      ],
    });
  });

  it('mirrors lists for the path up', () => {
    const config = parseUNet2DConditionConfig({
      ...twoLevels,
      up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
      layers_per_block: [1, 3],
      attention_head_dim: [2, 4],
      transformer_layers_per_block: [1, 2],
      only_cross_attention: [true, false],
    });
    expect(config.up).toEqual([
      { channels: 64, layers: 4, transformer: { heads: 4, blocks: 2, onlyCrossAttention: false } },
      { channels: 32, layers: 2, transformer: { heads: 2, blocks: 1, onlyCrossAttention: true } },
    ]);
    expect(config.middle?.transformer).toEqual({ heads: 4, blocks: 2, onlyCrossAttention: false });
  });

  it('tells a middle of null from one that is not mentioned', () => {
    expect(parseUNet2DConditionConfig({ ...twoLevels, mid_block_type: null }).middle).toBeUndefined();
    expect(parseUNet2DConditionConfig({ ...twoLevels, mid_block_type: 'UNetMidBlock2D' }).middle).toEqual({
      outputScale: 1,
      transformer: undefined,
    });
  });

  it.each([
    [{ _class_name: 'UNet2DModel' }, 'config-unsupported', '_class_name'],
    [
      { down_block_types: ['CrossAttnDownBlock2D', 'AttnDownBlock2D'] },
      'config-unsupported',
      'down_block_types',
    ],
    [{ down_block_types: ['DownBlock2D'] }, 'config-invalid', 'down_block_types'],
    [{ mid_block_type: 'UNetMidBlock2DSimpleCrossAttn' }, 'config-unsupported', 'mid_block_type'],
    [{ block_out_channels: [32, 48] }, 'config-invalid', 'norm_num_groups'],
    [{ block_out_channels: 'many' }, 'config-invalid', 'block_out_channels'],
    [{ layers_per_block: [1] }, 'config-invalid', 'layers_per_block'],
    [{ num_attention_heads: 8 }, 'config-unsupported', 'num_attention_heads'],
    [{ class_embed_type: 'timestep' }, 'config-unsupported', 'class_embed_type'],
    [{ addition_embed_type: 'text_time' }, 'config-unsupported', 'addition_embed_type'],
    [{ dual_cross_attention: true }, 'config-unsupported', 'dual_cross_attention'],
    [{ resnet_time_scale_shift: 'ada_group' }, 'config-unsupported', 'resnet_time_scale_shift'],
    [{ time_embedding_type: 'fourier' }, 'config-unsupported', 'time_embedding_type'],
    [{ act_fn: 'mish' }, 'config-unsupported', 'act_fn'],
    [{ cross_attention_dim: [64, 128] }, 'config-unsupported', 'cross_attention_dim'],
    [{ conv_in_kernel: 4 }, 'config-unsupported', 'conv_in_kernel'],
    [{ downsample_padding: 0 }, 'config-unsupported', 'downsample_padding'],
    [{ mid_block_scale_factor: 0 }, 'config-invalid', 'mid_block_scale_factor'],
    [{ upcast_attention: 'yes' }, 'config-invalid', 'upcast_attention'],
    [{ frames: 16 }, 'config-unsupported', 'frames'],
  ])('refuses %j by name', (fields, code, subject) => {
    expect(() => parseUNet2DConditionConfig({ ...twoLevels, ...fields })).toThrow(
      expect.objectContaining({ code, subject }),
    );
  });

  it.each([null, [], 'text'])('refuses %j', (json) => {
    expect(() => parseUNet2DConditionConfig(json)).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });
});
