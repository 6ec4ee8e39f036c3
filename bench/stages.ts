/** The embedded model stage by stage, as the pipeline loads and calls it, and the memory that this took. */
import { gaussianNoise } from '../src/engine/core/noise.ts';
import { loadDenoiser } from '../src/engine/pipeline/denoiser.ts';
import { loadLatentDecoder } from '../src/engine/pipeline/latent-decoder.ts';
import { loadTextEncoder } from '../src/engine/pipeline/text-encoder.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { timed } from './alternate.ts';
import type { Backend } from './backend.ts';
import { openEmbeddedModel } from './embedded-model.ts';
import { median } from './median.ts';
import type { BenchResult } from './result.ts';

/** Each stage is warmed up once. @throws EngineError what the model's files and the runtime throw */
export async function benchStages(
  { runtime, labels }: Backend,
  models: ModelFiles,
  repetitions: number,
): Promise<BenchResult[]> {
  const { files, components, latents: size } = await openEmbeddedModel(models);
  const context = { runtime, files };
  const { ids } = (await loadClipTokenizer(files, components.tokenizer)).encode('a red apple');
  const loadBegun = performance.now();
  const encoder = await loadTextEncoder(context, components.text_encoder, { length: ids.length });
  const denoiser = await loadDenoiser(context, components.unet, { ...size, textLength: ids.length });
  const decoder = await loadLatentDecoder(context, components.vae, size);
  const loadMs = performance.now() - loadBegun;

  const text = await encoder.encode(ids);
  const latents = gaussianNoise(denoiser.latentChannels * size.height * size.width, { seed: 1 });
  const evaluate = (texts: (typeof text)[]) => () =>
    denoiser.evaluate({ latents, timestep: 1000, texts, guidanceScale: 1 });
  const stages: Readonly<Record<string, () => Promise<unknown>>> = {
    text: () => encoder.encode(ids),
    'unet-evaluation': evaluate([text]),
    'unet-evaluation-guided': evaluate([text, text]),
    decode: () => decoder.decode(latents),
  };
  const results: BenchResult[] = [];
  for (const [name, run] of Object.entries(stages)) {
    await run();
    const times: number[] = [];
    for (let i = 0; i < repetitions; i++) times.push(await timed(run));
    results.push({ name, ...labels, median_ms: median(times), repetitions });
  }
  for (const part of [encoder, denoiser, decoder]) await part.dispose();
  return [...results, { name: 'load', ...labels, median_ms: loadMs, repetitions: 1 }];
}
