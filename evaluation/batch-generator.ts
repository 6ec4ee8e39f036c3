/**
 * Many pictures at once through the engine's own graphs, samplers and noise: the evaluation's thousands in minutes.
 * Samplers are elementwise, so a batch's latents go through them as one array.
 */
import { gaussianNoise } from '../src/engine/core/noise.ts';
import { type FloatTensor, floatTensor } from '../src/engine/core/tensor.ts';
import type { LatentPath } from '../src/engine/metrics/straightness.ts';
import { timestepEmbedding } from '../src/engine/networks/timestep-embedding.ts';
import { buildUNet2DConditionModel } from '../src/engine/networks/unet-2d-condition/build.ts';
import { parseUNet2DConditionConfig } from '../src/engine/networks/unet-2d-condition/config.ts';
import { chooseSampler } from '../src/engine/pipeline/choose-sampler.ts';
import { describeDecoder } from '../src/engine/pipeline/latent-decoder.ts';
import type { ModelDescriptor } from '../src/engine/pipeline/model.ts';
import { joinPath, readJsonFile } from '../src/engine/pipeline/model-folder.ts';
import { type Picture, toPicture } from '../src/engine/pipeline/picture.ts';
import type { Runtime } from '../src/engine/pipeline/ports.ts';
import { loadTextEncoder } from '../src/engine/pipeline/text-encoder.ts';
import { applyGuidance } from '../src/engine/samplers/guidance.ts';
import { initialState } from '../src/engine/samplers/initial-state.ts';
import type { Tokenizer } from '../src/engine/text/tokenizer.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';

/** Pictures in one run of a graph; more gain nothing on two cores. */
export const batchSize = 16;

export interface EncodedPrompt {
  /** [L, C] */
  readonly states: Float32Array;
  /** The state at the first end token, [C]: CLIP's pooled text. */
  readonly pooled: Float32Array;
}

export interface TextBatchEncoder {
  encode(prompt: string): Promise<EncodedPrompt>;
  dispose(): Promise<void>;
}

/** @throws EngineError what the files and the runtime throw */
export async function loadText(
  runtime: Runtime,
  files: ModelFiles,
  folder: string,
  tokenizer: Tokenizer,
): Promise<TextBatchEncoder> {
  const encoder = await loadTextEncoder({ runtime, files }, folder, {
    length: tokenizer.encode('').ids.length,
  });
  return {
    async encode(prompt) {
      const { ids } = tokenizer.encode(prompt);
      const { data, shape } = await encoder.encode(ids);
      const width = shape.at(-1)!;
      // Padding repeats the end token, so its first place ends the text.
      const end = ids.indexOf(ids.at(-1)!);
      return { states: data, pooled: data.slice(end * width, (end + 1) * width) };
    },
    dispose: () => encoder.dispose(),
  };
}

export interface BatchRequest {
  readonly texts: readonly EncodedPrompt[];
  /** One for each text. */
  readonly seeds: readonly number[];
  /** The empty prompt, for guidance. */
  readonly empty: EncodedPrompt;
  readonly stepCount: number;
  readonly guidanceScale: number;
  /** The model's own where missing. */
  readonly sampler?: string | undefined;
}

export interface BatchGenerator {
  /** Pictures of up to {@link batchSize} requests. */
  draw(request: BatchRequest): Promise<Picture[]>;
  /** The states of a run, all pictures' latents in one array, in the training scale. */
  path(request: BatchRequest): Promise<LatentPath>;
  dispose(): Promise<void>;
}

/** @throws EngineError what the files and the runtime throw */
export async function loadBatchGenerator(
  runtime: Runtime,
  files: ModelFiles,
  model: ModelDescriptor,
  text: { readonly length: number; readonly width: number },
): Promise<BatchGenerator> {
  const { unet, vae } = model.components;
  const config = parseUNet2DConditionConfig(await readJsonFile(files, joinPath(unet, 'config.json')));
  const description = await describeDecoder(files, vae);
  const [widthPx, heightPx] = model.sizes[0]!;
  const size = { width: widthPx / description.scaleFactor, height: heightPx / description.scaleFactor };
  const { variant } = runtime;
  const weights = (folder: string) => openCheckpoint(files, joinPath(folder, 'diffusion_pytorch_model'));
  const denoiser = await runtime.createSession(
    buildUNet2DConditionModel(config, (await weights(unet)).tensors, {
      variant,
      ...size,
      textLength: text.length,
    }),
    files,
  );
  const decoder = await runtime.createSession(
    description.build((await weights(vae)).tensors, { variant, ...size }),
    files,
  );
  const channels = config.inputChannels;
  const elements = channels * size.height * size.width;

  const evaluate = async (latents: Float32Array, timestep: number, texts: readonly EncodedPrompt[]) => {
    const count = texts.length;
    const states = new Float32Array(count * text.length * text.width);
    for (const [i, { states: rows }] of texts.entries()) states.set(rows, i * rows.length);
    const timesteps = Array.from({ length: count }, () => timestep);
    const outputs = await denoiser.run({
      sample: floatTensor([count, channels, size.height, size.width], latents),
      timestep_embedding: floatTensor([count, config.timestepChannels], timestepEmbedding(config, timesteps)),
      encoder_hidden_states: floatTensor([count, text.length, text.width], states),
    });
    return (outputs.out_sample as FloatTensor).data;
  };

  const run = async (request: BatchRequest): Promise<LatentPath> => {
    const { texts, seeds, empty, stepCount, guidanceScale } = request;
    const sampler = await chooseSampler(files, model, request.sampler);
    const plan = sampler.plan(stepCount);
    const noise = new Float32Array(texts.length * elements);
    for (const [i, seed] of seeds.entries()) noise.set(gaussianNoise(elements, { seed }), i * elements);
    let state = initialState(plan, noise);
    const latents = [sampler.scaleModelInput(plan, state.latents, 0)];
    for (const [i, { timestep }] of plan.steps.entries()) {
      const input = sampler.scaleModelInput(plan, state.latents, i);
      const asked = await evaluate(input, timestep, texts);
      const output =
        guidanceScale > 1
          ? applyGuidance(
              await evaluate(
                input,
                timestep,
                texts.map(() => empty),
              ),
              asked,
              guidanceScale,
            )
          : asked;
      state = sampler.step(plan, state, output, i).state;
      const last = i + 1 === plan.steps.length;
      latents.push(last ? state.latents : sampler.scaleModelInput(plan, state.latents, i + 1));
    }
    return { latents, times: [...plan.steps.map(({ time }) => time), 1] };
  };

  return {
    path: run,
    async draw(request) {
      const latents = (await run(request)).latents.at(-1)!;
      const count = request.texts.length;
      const scaled = latents.map((value) => value / description.scalingFactor);
      const { sample } = await decoder.run({
        latents: floatTensor([count, channels, size.height, size.width], scaled),
      });
      const { data, shape } = sample as FloatTensor;
      const [, ...each] = shape;
      const length = data.length / count;
      return Array.from({ length: count }, (_, i) =>
        toPicture(floatTensor([1, ...each], data.slice(i * length, (i + 1) * length))),
      );
    },
    async dispose() {
      await denoiser.dispose();
      await decoder.dispose();
    },
  };
}
