/** What crosses between page and worker. Types only: the page never imports the engine's code. */
import type { SerializedEngineError } from '../engine/core/errors.ts';
import type { GraphVariant } from '../engine/networks/graph-variant.ts';
import type { GenerationRequest, GenerationTimings } from '../engine/pipeline/generation.ts';
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { Decoding } from '../engine/pipeline/model-host.ts';
import type { BackendName } from '../engine/pipeline/ports.ts';
import type { Resident } from '../engine/pipeline/resident-components.ts';
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

/** A file that `addAdapter` took, as a draw uses it. */
export interface AppliedAdapter {
  readonly id: string;
  /** 0 leaves the model as it is, 1 is what the file was made for. */
  readonly strength: number;
  /**
   * Of a whole U-Net, a catalogue id: the difference from that model's U-Net is added. null = not chosen yet; missing
   * for a LoRA.
   */
  readonly original?: string | null | undefined;
}

export interface DrawRequest extends GenerationRequest {
  /** A catalogue id. */
  readonly model: string;
  /** What is added to the model's weights, in this order; missing = nothing. */
  readonly adapters?: readonly AppliedAdapter[] | undefined;
  /** Missing = 'full', the model's own VAE. */
  readonly decoding?: Decoding | undefined;
  /**
   * Whether the path is sent: latents and end point of every step, and pictures of as many as the run can carry
   * without being slowed down; the rest is for `decode`.
   */
  readonly previews: boolean;
}

/** Latents in the scale that the network was trained on, [C, h, w], f32. */
export interface Latents {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** Deviations ‖(Z_1 - Z_0) - v‖² / ‖Z_1 - Z_0‖² by interval of the path, and their mean over time, S(Z). */
export interface PathStraightness {
  /** Where each interval begins, its share of the way from noise to picture, 0 to 1. */
  readonly starts: readonly number[];
  readonly deviations: readonly number[];
  readonly mean: number;
}

export interface DrawStep {
  readonly i: number;
  readonly stepCount: number;
  readonly timestep: number;
  readonly time: number;
  readonly milliseconds: number;
  /** z_t after the step and the end point that it predicted, [C, h, w]; the rest of a step needs `previews`. */
  readonly latents?: Float32Array<ArrayBuffer> | undefined;
  readonly endpoint?: Float32Array<ArrayBuffer> | undefined;
  /** At most 256 pixels a side; missing where the run had no time for them. */
  readonly latentsPicture?: Picture | undefined;
  readonly endpointPicture?: Picture | undefined;
  /** Up to here, as if the rest went straight to the predicted end point; with the last step that of the path. */
  readonly straightness?: PathStraightness | undefined;
}

export type DrawEvent =
  | { readonly kind: 'loading'; readonly progress: LoadProgress }
  | { readonly kind: 'text' }
  /** z_0 and its time, before the first step; only with previews. */
  | {
      readonly kind: 'noise';
      readonly latents: Latents;
      readonly time: number;
      readonly picture?: Picture | undefined;
    }
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
  /** What the engine has loaded after it. */
  readonly loaded: readonly LoadedPart[];
}

/** A component that is loaded, with the folder that models share it by. */
export type LoadedPart = Resident;

/** Latents of an earlier draw, to be seen. */
export interface DecodeRequest {
  /** The model's id and the picture's size of that draw. */
  readonly model: string;
  readonly width: number;
  readonly height: number;
  /** [C, h, w] each */
  readonly latents: readonly Float32Array[];
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
  /**
   * Pictures of latents, at most 256 pixels a side; takes its turn among the draws, so ask for few at a time.
   * @throws EngineError what loading and running the decoder throw
   */
  decode(request: DecodeRequest): Promise<readonly Picture[]>;
  /** Ends the worker. */
  dispose(): void;
}

/** A diffusers folder on the reader's disk: a handle, or its files by path where the browser has no handles. */
export interface ChosenFolder {
  readonly title: string;
  readonly folder: FileSystemDirectoryHandle | ReadonlyMap<string, File>;
}

/** The files of a LoRA, or of a diffusers folder's U-Net, on the reader's disk. */
export interface AdapterFiles {
  /** The weights; of a U-Net in several files their index, 'diffusion_pytorch_model.safetensors.index.json'. */
  readonly file: File;
  /** PEFT's `adapter_config.json`, which has the scale of `adapter_model.safetensors`. */
  readonly config?: File | undefined;
  /** The files that an index names, and maybe others. */
  readonly shards?: readonly File[] | undefined;
}

export interface ChosenAdapter extends AdapterFiles {
  /** Names it in requests. */
  readonly id: string;
}

export interface AdapterSummary {
  /** 'unet': a whole network, of which the difference from another can be added. */
  readonly kind: 'lora' | 'unet';
  /** The networks that it changes. */
  readonly parts: readonly ('text_encoder' | 'unet')[];
  /** Layers that a LoRA changes; tensors of a U-Net. */
  readonly layers: number;
  /** Lowest and highest rank of a LoRA. */
  readonly ranks: readonly [number, number] | null;
  /** Of a LoRA: PEFT's own file that came without its config. Nothing says its scale, and 1 is taken. */
  readonly scaleAssumed?: boolean | undefined;
}

/** What the engine's worker also takes, for as long as it lives. Nothing is copied. */
export interface LocalFilesClient {
  /**
   * The model is among `models()` from then on.
   * @param key names the folder; another of the same key replaces it
   * @throws EngineError for a folder that is no diffusers pipeline
   */
  addFolder(key: string, folder: ChosenFolder): Promise<ModelDescriptor>;
  /** @throws EngineError for files that are neither LoRA nor U-Net, and for a part of one */
  addAdapter(adapter: ChosenAdapter): Promise<AdapterSummary>;
}

export type { BackendReport, Decoding, SelfTestCheck, SerializedEngineError };
