/** A ready ONNX pipeline draws what its safetensors draw; on onnxruntime-web in Node. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DirectoryFiles } from '../../../platform/node/directory-files.ts';
import { createOrtWebRuntime } from '../../../platform/ort/ort-runtime.ts';
import { JoinedFiles } from '../../../platform/store/joined-files.ts';
import { exportPipeline } from '../../../testing/exported-pipeline.ts';
import { MemoryFiles } from '../../../testing/memory-files.ts';
import type { ModelFiles } from '../../weights/model-files.ts';
import { describeFolder } from '../describe-folder.ts';
import { ModelHost, type OpenOptions } from '../model-host.ts';
import type { Runtime } from '../ports.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const size = { width: 64, height: 64 };
const ids = [...Array(76).fill(9), 15];
const safetensors = new DirectoryFiles('fixtures/reference/e2e');
let runtime: Runtime;
let onnx: Record<string, Uint8Array>;
beforeAll(async () => {
  runtime = await createOrtWebRuntime({ backend: 'wasm', threads: 1 });
  onnx = await exportPipeline(safetensors, { width: 8, height: 8 }, ids.length);
});
afterAll(() => runtime.dispose());

async function draw(files: ModelFiles, options: Partial<OpenOptions> = {}, given = runtime) {
  const host = new ModelHost({
    runtime: given,
    files,
    loadTokenizer: async () => ({ encode: () => ({ ids, tokenCount: 1, truncated: '' }) }),
    clock: () => performance.now(),
  });
  try {
    const pipeline = await host.open(await describeFolder(files), { size, ...options });
    return await pipeline.generate({
      prompt: '',
      stepCount: 2,
      guidanceScale: 2,
      seed: 3,
      sampler: 'ddim',
      ...size,
    });
  } finally {
    await host.dispose();
  }
}

describe('a ready ONNX pipeline', () => {
  it('is recognised, and draws what its safetensors draw', async () => {
    const files = new MemoryFiles(onnx);
    expect((await describeFolder(files)).components).toMatchObject({ unet: 'unet', vae: 'vae_decoder' });
    const [own, exported] = [await draw(safetensors), await draw(files)];
    const largest = Math.max(...own.latents.data.map(Math.abs));
    const apart = own.latents.data.map((value, i) => Math.abs(value - exported.latents.data[i]!));
    // The network's latents come in half precision: 11 bits, in each of two steps.
    expect(Math.max(...apart) / largest).toBeLessThan(2 ** -9);
    const pixels = own.rgba.map((value, i) => Math.abs(value - exported.rgba[i]!));
    expect(Math.max(...pixels)).toBeLessThanOrEqual(2);
    expect(new Set(exported.rgba).size).toBeGreaterThan(10);
  });

  it('says why a LoRA is not added to it, and which runtimes open none', async () => {
    const joined = new JoinedFiles(new MemoryFiles(onnx));
    const lora = {
      kind: 'lora',
      files: new DirectoryFiles('fixtures/reference/lora'),
      path: 'kohya_full_alpha3.safetensors',
      strength: 1,
    } as const;
    await expect(draw(joined, { adapters: [lora] })).rejects.toMatchObject({
      code: 'config-unsupported',
      remedy: expect.stringContaining('safetensors'),
    });
    const { openExported: _, ...closed } = { ...runtime, capabilities: runtime.capabilities };
    await expect(draw(joined, {}, closed)).rejects.toMatchObject({ code: 'config-unsupported' });
  });

  it('of inputs that nobody knows is refused by their names', async () => {
    // A decoder in the U-Net's place.
    const wrong = {
      ...onnx,
      'unet/model.onnx': onnx['vae_decoder/model.onnx']!,
      'unet/model.onnx_data': onnx['vae_decoder/model.onnx_data']!,
    };
    await expect(draw(new MemoryFiles(wrong))).rejects.toMatchObject({
      code: 'graph-invalid',
      subject: 'latent_sample',
      found: 'latent_sample',
      wanted: expect.stringContaining('timestep'),
    });
  });
});
