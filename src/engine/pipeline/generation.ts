/** A request for one picture, what is told on the way, and the result. */
import type { FloatTensor } from '../core/tensor.ts';
import type { TokenizedPrompt } from '../text/tokenizer.ts';

export interface GenerationRequest {
  readonly prompt: string;
  /** Used with guidance only, as in the authors' pipeline; missing means ''. */
  readonly negativePrompt?: string | undefined;
  /** N, a whole number, 1 to 1000. */
  readonly stepCount: number;
  /** Classifier-free guidance acts only above 1; 0 to 1 run one conditional pass. */
  readonly guidanceScale: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Pixels, multiples of the VAE's scale factor. */
  readonly width: number;
  readonly height: number;
  /** Sampler name; missing means the model's own. */
  readonly sampler?: string | undefined;
  /** Text encoder layers left out at the end; 0 or missing for none. */
  readonly clipSkip?: number | undefined;
  /** A second prompt whose hidden states are mixed in linearly; weight 0 to 1, 0 = the first prompt alone. */
  readonly promptBlend?: { readonly prompt: string; readonly weight: number } | undefined;
  /** A second seed whose starting noise is mixed in spherically; weight 0 to 1, 0 = the first seed alone. */
  readonly seedBlend?: { readonly seed: number; readonly weight: number } | undefined;
}

/** After each evaluation. Arrays are the pipeline's own: copy or read at once, don't keep or write. */
export interface TrajectoryStep {
  /** 0 to N - 1. */
  readonly i: number;
  readonly timestep: number;
  /** Path time t of `latents`: after step i of a flow, (i + 1) / N; 1 = picture. */
  readonly time: number;
  /** z_t after the step, [C, h, w], as the sampler has them. */
  readonly latents: Float32Array;
  /**
   * z_t in the scale that the network was trained on: of Euler-type samplers, whose latents are x + sigma noise,
   * divided by sqrt(sigma^2 + 1); else `latents` itself. To be seen, traced, and measured for straightness.
   */
  readonly pathLatents: Float32Array;
  /** The end point predicted by this step's evaluation, [C, h, w]: z + (1 - t) v, or the predicted x0. */
  readonly endpoint: Float32Array;
  /** Of the evaluation, guidance and sampler included, previews not. */
  readonly milliseconds: number;
}

export interface GenerationTimings {
  readonly textMs: number;
  /** One per evaluation, guidance included. */
  readonly stepMs: readonly number[];
  readonly decodeMs: number;
  /** Text to picture without previews and without loading. */
  readonly totalMs: number;
}

export interface GenerationResult {
  readonly width: number;
  readonly height: number;
  /** 8-bit RGBA, opaque, row-major. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Final latents [1, C, h, w]. */
  readonly latents: FloatTensor;
  readonly tokens: TokenizedPrompt;
  readonly timings: GenerationTimings;
  readonly sampler: string;
  /** Network evaluations made (N, or more for multi-pass samplers). */
  readonly evaluations: number;
  /** 'text encoder', 'network', 'decoder': those that ran in float32 because float16 gave no finite numbers. */
  readonly float32Stages: readonly string[];
}
