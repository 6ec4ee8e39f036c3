/** fixtures/overflow: networks whose inner values exceed float16's 65504 while their results are ordinary. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryFiles } from '../../platform/node/directory-files.ts';
import { createNodeRuntime } from '../../platform/node/node-runtime.ts';
import type { FloatDType } from '../core/dtype.ts';
import { floatTensor } from '../core/tensor.ts';
import { openCheckpoint } from '../weights/open-checkpoint.ts';
import { loadDenoiser } from './denoiser.ts';
import type { GenerationResult } from './generation.ts';
import { loadLatentDecoder } from './latent-decoder.ts';
import type { ModelDescriptor } from './model.ts';
import { ModelHost } from './model-host.ts';
import type { Runtime, Session } from './ports.ts';
import { loadTextEncoder } from './text-encoder.ts';

const root = mkdtempSync(join(tmpdir(), 'overflow-'));
cpSync('fixtures/overflow', root, { recursive: true });
const files = new DirectoryFiles(root);
await breakNetwork();
afterAll(() => rmSync(root, { recursive: true }));

/** unet-plain with an infinite bias, so that it fails in any type. */
async function breakNetwork(): Promise<void> {
  cpSync(join(root, 'unet-plain'), join(root, 'unet-broken'), { recursive: true });
  const { tensors } = await openCheckpoint(files, 'unet-broken/diffusion_pytorch_model');
  const { file, begin, end } = tensors.get('conv_in.bias')!;
  const bytes = Uint8Array.from(readFileSync(join(root, file)));
  new Uint16Array(bytes.buffer, begin, (end - begin) / 2).fill(0x7c00);
  writeFileSync(join(root, file), bytes);
}

const ids = [14, 3, 1, 4, 1, 5, 15];
const size = { height: 16, width: 16 };
const latents = { height: 8, width: 8 };
const noise = Float32Array.from({ length: 4 * 8 * 8 }, (_, i) => Math.sin(7 * i));

/** The overflowing networks, or the same without the factor. */
interface Networks {
  readonly text_encoder: 'text_encoder' | 'text_encoder-plain';
  readonly unet: 'unet' | 'unet-plain' | 'unet-broken';
  readonly vae: 'vae' | 'vae-plain';
}
const plain: Networks = { text_encoder: 'text_encoder-plain', unet: 'unet-plain', vae: 'vae-plain' };
const overflowing: Networks = { text_encoder: 'text_encoder', unet: 'unet', vae: 'vae' };

const descriptor = (networks: Networks): ModelDescriptor => ({
  id: 'overflow',
  title: 'Overflow',
  lineage: 'overflow',
  components: { tokenizer: 'tokenizer', ...networks },
  sampler: 'rectified-flow',
  steps: { minimum: 1, maximum: 4, initial: 2 },
  guidance: null,
  sizes: [[16, 16]],
  licence: { name: 'none' },
});

describe('a stage that float16 is too narrow for', () => {
  let runtime: Runtime;
  /** Sessions that are loaded now, by the graph's name. */
  const open: string[] = [];
  beforeAll(async () => {
    const node = await createNodeRuntime();
    runtime = {
      capabilities: node.capabilities,
      variant: node.variant,
      async createSession(graph, ...rest): Promise<Session> {
        const session = await node.createSession(graph, ...rest);
        open.push(graph.name);
        return {
          run: (feeds) => session.run(feeds),
          async dispose() {
            open.splice(open.indexOf(graph.name), 1);
            await session.dispose();
          },
        };
      },
      dispose: () => node.dispose(),
    };
  });
  afterAll(() => runtime.dispose());

  const hostOf = (dtype: FloatDType) =>
    new ModelHost({
      runtime,
      files,
      variant: { attention: 'decomposed', dtype },
      loadTokenizer: async () => ({ encode: () => ({ ids, tokenCount: ids.length, truncated: '' }) }),
      clock: () => performance.now(),
    });

  async function drawWith(host: ModelHost, networks: Networks): Promise<GenerationResult> {
    const pipeline = await host.open(descriptor(networks), { size });
    const request = { prompt: '', stepCount: 2, guidanceScale: 1, seed: 0, ...size };
    return pipeline.generate(request, { recorded: { ids, noise } });
  }

  async function draw(dtype: FloatDType, networks: Networks): Promise<GenerationResult> {
    const host = hostOf(dtype);
    try {
      return await drawWith(host, networks);
    } finally {
      await host.dispose();
      expect(open).toEqual([]);
    }
  }

  it('gives no finite numbers in float16 by itself, and does in float32', async () => {
    for (const dtype of ['f16', 'f32'] as const) {
      const context = { runtime, files, variant: { attention: 'decomposed', dtype } as const };
      const encoder = await loadTextEncoder(context, 'text_encoder', { length: ids.length });
      const denoiser = await loadDenoiser(context, 'unet', { ...latents, textLength: ids.length });
      const decoder = await loadLatentDecoder(context, 'vae', latents);
      const text = floatTensor([1, ids.length, 32], new Float32Array(ids.length * 32).fill(0.5));
      const input = { latents: noise, timestep: 500, texts: [text], guidanceScale: 1 };
      const outputs = {
        text: (await encoder.encode(ids)).data,
        network: (await denoiser.evaluate(input))[0]!,
        decoder: (await decoder.decode(noise)).data,
      };
      const finite = Object.entries(outputs).map(([stage, data]) => [stage, data.every(Number.isFinite)]);
      const expected = dtype === 'f32';
      expect([dtype, Object.fromEntries(finite)]).toEqual([
        dtype,
        { text: expected, network: expected, decoder: expected },
      ]);
      for (const component of [encoder, denoiser, decoder]) await component.dispose();
    }
  });

  it('runs again in float32, with all of its numbers', async () => {
    const recovered = await draw('f16', overflowing);
    const float32 = await draw('f32', overflowing);
    expect(recovered.float32Stages).toEqual(['text encoder', 'network', 'decoder']);
    expect(float32.float32Stages).toEqual([]);
    // All three ran in float32: the very same graphs.
    expect(recovered.latents.data).toEqual(float32.latents.data);
    expect(recovered.rgba).toEqual(float32.rgba);
  });

  it.each([
    ['text encoder', { ...plain, text_encoder: 'text_encoder' }],
    ['network', { ...plain, unet: 'unet' }],
    ['decoder', { ...plain, vae: 'vae' }],
  ] as const)('leaves the other stages in float16: %s', async (stage, networks) => {
    const recovered = await draw('f16', networks);
    expect(recovered.float32Stages).toEqual([stage]);
    const { latents: wanted } = await draw('f32', networks);
    const largest = Math.max(...wanted.data.map(Math.abs));
    const error = Math.max(...recovered.latents.data.map((value, i) => Math.abs(value - wanted.data[i]!)));
    // Float16 rounds to 2^-11; two evaluations of the other networks add up to a few of that.
    expect(error / largest).toBeLessThan(2e-2);
  });

  it('is kept in float32 for the rest of the session, at other sizes too, and its session is replaced', async () => {
    const host = hostOf('f16');
    const networks = { ...plain, unet: 'unet' } as const;
    await drawWith(host, networks);
    const held = [...open];
    expect(new Set(held).size).toBe(held.length);
    expect((await drawWith(host, networks)).float32Stages).toEqual(['network']);
    expect(open).toEqual(held);
    const larger = { height: 16, width: 32 };
    const pipeline = await host.open(descriptor(networks), { size: larger });
    const request = { prompt: '', stepCount: 1, guidanceScale: 1, seed: 0, ...larger };
    expect((await pipeline.generate(request)).float32Stages).toEqual(['network']);
    await host.dispose();
    expect(open).toEqual([]);
  });

  it('is not touched where float16 suffices', async () => {
    expect((await draw('f16', plain)).float32Stages).toEqual([]);
  });

  it("fails as 'non-finite' where float32 gives no finite numbers either", async () => {
    for (const dtype of ['f16', 'f32'] as const) {
      await expect(draw(dtype, { ...plain, unet: 'unet-broken' })).rejects.toMatchObject({
        code: 'non-finite',
        subject: 'output of the network',
      });
    }
  });
});
