import { describe, expect, it } from 'vitest';
import { chooseFiles, pipelineComponents } from './choose-files.ts';

const choose = (paths: readonly string[]) =>
  chooseFiles(paths, { components: pipelineComponents, precision: 'full' });

const exported = [
  'model_index.json',
  'tokenizer/vocab.json',
  'tokenizer/merges.txt',
  'text_encoder/model.onnx',
  'unet/model.onnx',
  'unet/model.onnx_data',
  'vae_decoder/model.onnx',
  'vae_decoder/config.json',
  'scheduler/scheduler_config.json',
];

describe('a ready ONNX pipeline on a hub', () => {
  it('is fetched with its decoder, without the encoder that drawing has no use for', () => {
    expect(choose([...exported, 'vae_encoder/model.onnx', 'README.md']).toSorted()).toEqual(
      exported.toSorted(),
    );
  });

  it('is passed over where the safetensors are there, too', () => {
    const weights = [
      'text_encoder/model.safetensors',
      'unet/diffusion_pytorch_model.safetensors',
      'vae/diffusion_pytorch_model.safetensors',
    ];
    const chosen = choose([...exported, ...weights]);
    expect(chosen.filter((path) => path.endsWith('.safetensors'))).toEqual(weights);
    expect(chosen.filter((path) => path.includes('.onnx'))).toEqual([]);
  });
});
