import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { safetensorsOf } from '../../testing/safetensors-bytes.ts';
import { componentWeights } from './component-weights.ts';

const halves = (count: number) => ({ dtype: 'F16', shape: [count], bytes: new Uint16Array(count) });

async function sizes(
  ...[contents, folder, part]: [
    Record<string, Uint8Array | string>,
    string,
    'network' | 'text encoder' | 'decoder',
  ]
) {
  const { storedBytes, loadedBytes } = await componentWeights(new MemoryFiles(contents), folder, part);
  return [storedBytes, loadedBytes('f16'), loadedBytes('f32')];
}

it('counts float16 twice where it is computed in float32', async () => {
  const contents = {
    'unet/diffusion_pytorch_model.fp16.safetensors': safetensorsOf({ a: halves(5), b: halves(1) }),
  };
  expect(await sizes(contents, 'unet', 'network')).toEqual([12, 12, 24]);
});

it.each(['.safetensors.index.fp16.json', '.fp16.safetensors.index.json', '.safetensors.index.json'])(
  'adds up the shards of %s',
  async (index) => {
    const contents = {
      'unet/1.safetensors': safetensorsOf({ a: halves(5) }),
      'unet/2.safetensors': safetensorsOf({ b: halves(3) }),
      [`unet/diffusion_pytorch_model${index}`]: JSON.stringify({
        weight_map: { a: '1.safetensors', b: '2.safetensors' },
      }),
    };
    expect(await sizes(contents, 'unet', 'network')).toEqual([16, 16, 32]);
  },
);

describe('what is never loaded', () => {
  it('is the token embeddings of a text encoder', async () => {
    const embeddings = 'text_model.embeddings.token_embedding.weight';
    const contents = { 'text/model.safetensors': safetensorsOf({ [embeddings]: halves(9), a: halves(1) }) };
    expect(await sizes(contents, 'text', 'text encoder')).toEqual([2, 2, 4]);
  });

  it('is the encoder of an autoencoder', async () => {
    const file = safetensorsOf({
      'encoder.a': halves(9),
      'quant_conv.weight': halves(9),
      'post_quant_conv.weight': halves(1),
      'decoder.a': halves(2),
    });
    expect(await sizes({ 'vae/diffusion_pytorch_model.safetensors': file }, 'vae', 'decoder')).toEqual([
      6, 6, 12,
    ]);
  });
});

it('takes an exported model as it lies, and no weights as none', async () => {
  const contents = { 'unet/model.onnx': new Uint8Array(10), 'unet/model.onnx_data': new Uint8Array(90) };
  expect(await sizes(contents, 'unet', 'network')).toEqual([100, 100, 100]);
  expect(await sizes({}, 'unet', 'network')).toEqual([0, 0, 0]);
});
