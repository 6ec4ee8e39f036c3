/** What crosses between page and worker. Types only: the page never imports the engine's code. */
import type { SerializedEngineError } from '../engine/core/errors.ts';
import type { GraphVariant } from '../engine/networks/graph-variant.ts';
import type { GenerationRequest, GenerationTimings } from '../engine/pipeline/generation.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { BackendName } from '../engine/pipeline/ports.ts';
import type { BackendReport, SelfTestCheck } from '../platform/ort/backend-report.ts';

/** 'auto' takes WebGPU on a graphics card whose self-test passes, else WASM; a name forces that backend. */
export type BackendChoice = 'auto' | 'webgpu' | 'wasm';

export interface LoadProgress {
  readonly model: string;
  /** What is being read: 'text encoder', 'network', 'decoder'. */
  readonly part: string;
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** A small picture: 8-bit RGBA, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface DrawRequest extends GenerationRequest {
  /** A catalogue id. */
  readonly model: string;
  /** Whether every step's latents and end point are decoded and sent. */
  readonly previews: boolean;
}

export interface DrawStep {
  readonly i: number;
  readonly stepCount: number;
  readonly timestep: number;
  readonly time: number;
  readonly milliseconds: number;
  /** Present when previews were asked for. */
  readonly latentsPicture?: Picture | undefined;
  readonly endpointPicture?: Picture | undefined;
}

export type DrawEvent =
  | { readonly kind: 'loading'; readonly progress: LoadProgress }
  | { readonly kind: 'text' }
  /** The starting noise, decoded, before the first step; only with previews. */
  | { readonly kind: 'noise'; readonly picture: Picture }
  | { readonly kind: 'step'; readonly step: DrawStep }
  | { readonly kind: 'decode' };

export interface DrawResult {
  readonly picture: Picture;
  readonly timings: GenerationTimings;
  /** Whether this draw loaded a network or was the session's first run: not comparable with warm ones. */
  readonly cold: boolean;
  readonly loadMs: number;
  readonly evaluations: number;
  readonly sampler: string;
  readonly tokenCount: number;
  readonly truncated: string;
  /** ‖(Z_1 - Z_0) - v_i‖² / ‖Z_1 - Z_0‖² for each step, and its mean: straightness S(Z), 0 = straight. */
  readonly deviations: readonly number[];
  readonly straightness: number;
  readonly backend: BackendName;
  readonly variant: GraphVariant;
  /** 'text encoder', 'network', 'decoder': those that ran in float32 because float16 gave no finite numbers. */
  readonly float32Stages: readonly string[];
}

/** Count of tokens and the cut-off end of a prompt, for the counter under the prompt box. */
export interface PromptTokens {
  readonly tokenCount: number;
  readonly limit: number;
  readonly truncated: string;
}

/** The worker's face, as comlink exposes it. Signals and errors are carried by client.ts and host.ts. */
export interface EngineClient {
  /** Chooses backend and variant; call once, first. @throws EngineError 'backend-unavailable' */
  start(choice: BackendChoice): Promise<BackendReport>;
  models(): Promise<readonly ModelDescriptor[]>;
  countTokens(model: string, prompt: string): Promise<PromptTokens>;
  /**
   * Draws one picture. Runs are serialised in the worker; a fired signal rejects at once with 'aborted',
   * and the next run starts after the evaluation under way.
   */
  draw(
    request: DrawRequest,
    options: { onEvent?: (event: DrawEvent) => void; signal?: AbortSignal },
  ): Promise<DrawResult>;
  /** Ends the worker. */
  dispose(): void;
}

export type { BackendReport, SelfTestCheck, SerializedEngineError };
