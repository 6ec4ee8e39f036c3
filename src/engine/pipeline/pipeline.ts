/** One model over loaded components: prompt to tokens to hidden states to latents to picture. */
import type { CancelSignal } from '../core/cancel.ts';
import { throwIfAborted } from '../core/cancel.ts';
import { gaussianNoise } from '../core/noise.ts';
import { elementCount, type FloatTensor, floatTensor } from '../core/tensor.ts';
import type { Sampler } from '../samplers/sampler.ts';
import type { TokenizedPrompt, Tokenizer } from '../text/tokenizer.ts';
import { assertRequest } from './assert-request.ts';
import { blendLinearly, blendSpherically } from './blend.ts';
import type { Denoiser } from './denoiser.ts';
import type { GenerationRequest, GenerationResult, TrajectoryStep } from './generation.ts';
import type { LatentDecoder } from './latent-decoder.ts';
import type { ModelDescriptor } from './model.ts';
import { type Picture, toPicture } from './picture.ts';
import type { Clock } from './ports.ts';
import { guidesByTwoPasses, sampleLatents } from './sample-latents.ts';

export interface GenerateOptions {
  readonly signal?: CancelSignal | undefined;
  /** When the prompt is encoded. */
  readonly onText?: (() => void) | undefined;
  /** Latents before the first step, [C, h, w], and their path time: 0 for a flow. */
  readonly onStart?: ((latents: Float32Array, time: number) => void | Promise<void>) | undefined;
  readonly onStep?: ((step: TrajectoryStep) => void | Promise<void>) | undefined;
  readonly onDecode?: (() => void) | undefined;
  /** Token ids in place of the prompts' and unit noise in place of the seed's, to repeat a recorded run. */
  readonly recorded?: RecordedInputs | undefined;
}

export interface RecordedInputs {
  readonly ids: readonly number[];
  readonly negativeIds?: readonly number[] | undefined;
  /** [C, h, w] */
  readonly noise: Float32Array;
}

/** The parts of one model at one size; whoever loaded them disposes them. */
export interface PipelineParts {
  readonly tokenizer: Tokenizer;
  /** Token ids to hidden states [1, L, C]; may remember. */
  readonly encode: (ids: readonly number[]) => Promise<FloatTensor>;
  readonly denoiser: Denoiser;
  readonly decoder: LatentDecoder;
  /** For pictures on the way: the same, or a tiny decoder that is a hundred times faster. */
  readonly preview: LatentDecoder;
  readonly limits: Pick<ModelDescriptor, 'steps' | 'guidance'>;
  readonly scaleFactor: number;
  readonly clock: Clock;
  readonly chooseSampler: (name: string | undefined) => Promise<Sampler>;
  /** Stages that run in float32 because float16 was too narrow for them. */
  readonly float32Stages: () => readonly string[];
}

export class Pipeline {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /**
   * Draws one picture.
   * @throws EngineError 'argument-invalid', 'aborted' between steps and tiles, 'non-finite', and what the sampler and the
   *   runtime throw
   */
  async generate(request: GenerationRequest, options: GenerateOptions = {}): Promise<GenerationResult> {
    const { denoiser, limits, scaleFactor, clock, chooseSampler } = this.#parts;
    const { signal, recorded } = options;
    assertRequest(request, limits, scaleFactor);
    const sampler = await chooseSampler(request.sampler);
    throwIfAborted(signal);

    const begun = clock();
    const prompt = this.#tokens(request.prompt, recorded?.ids);
    const text = await this.#hiddenStates(prompt, request.promptBlend);
    const negativeText = guidesByTwoPasses(denoiser, request.guidanceScale)
      ? await this.#parts.encode(this.#tokens(request.negativePrompt ?? '', recorded?.negativeIds).ids)
      : undefined;
    const textMs = clock() - begun;
    options.onText?.();

    const shape = this.latentShape(request);
    const noise = recorded?.noise ?? startingNoise(elementCount(shape), request);
    const { stepCount, guidanceScale, seed } = request;
    const { onStart, onStep } = options;
    const { latents, stepMs } = await sampleLatents({
      denoiser,
      sampler,
      stepCount,
      guidanceScale,
      text,
      negativeText,
      noise,
      seed,
      clock,
      signal,
      onStart,
      onStep,
    });

    options.onDecode?.();
    const decodeBegun = clock();
    const picture = await this.decode(latents, signal);
    const decodeMs = clock() - decodeBegun;
    throwIfAborted(signal);
    return {
      ...picture,
      latents: floatTensor([1, ...shape], latents),
      tokens: prompt,
      timings: { textMs, stepMs, decodeMs, totalMs: textMs + sum(stepMs) + decodeMs },
      sampler: sampler.name,
      evaluations: stepMs.length,
      float32Stages: this.#parts.float32Stages(),
    };
  }

  /** [C, h, w] of the latents of a picture of so many pixels. */
  latentShape({ width, height }: Pick<GenerationRequest, 'width' | 'height'>): [number, number, number] {
    const { denoiser, scaleFactor } = this.#parts;
    return [denoiser.latentChannels, height / scaleFactor, width / scaleFactor];
  }

  /** Latents on the way, [C, h, w], as a picture by the model's fastest decoder: z_t and end points. */
  async decodePreview(latents: Float32Array): Promise<Picture> {
    return toPicture(await this.#parts.preview.decode(latents));
  }

  /** Latents as the sampler has them, [C, h, w], as a picture. */
  async decode(latents: Float32Array, signal?: CancelSignal): Promise<Picture> {
    return toPicture(await this.decodeSample(latents, signal));
  }

  /** The decoder's own output, [1, 3, H, W], about -1 to 1. */
  decodeSample(latents: Float32Array, signal?: CancelSignal): Promise<FloatTensor> {
    return this.#parts.decoder.decode(latents, signal);
  }

  /** Hidden states [1, L, C] of the prompt, another's mixed in. */
  async #hiddenStates(
    prompt: TokenizedPrompt,
    blend: GenerationRequest['promptBlend'],
  ): Promise<FloatTensor> {
    const own = await this.#parts.encode(prompt.ids);
    if (!blend || blend.weight === 0) return own;
    const other = await this.#parts.encode(this.#tokens(blend.prompt, undefined).ids);
    return floatTensor(own.shape, blendLinearly(own.data, other.data, blend.weight));
  }

  #tokens(prompt: string, recorded: readonly number[] | undefined): TokenizedPrompt {
    if (recorded) return { ids: recorded, tokenCount: recorded.length, truncated: '' };
    return this.#parts.tokenizer.encode(prompt);
  }
}

/** Unit noise of the request's seed, another's mixed in. */
function startingNoise(count: number, { seed, seedBlend: blend }: GenerationRequest): Float32Array {
  const own = gaussianNoise(count, { seed });
  if (!blend || blend.weight === 0) return own;
  return blendSpherically(own, gaussianNoise(count, { seed: blend.seed }), blend.weight);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
