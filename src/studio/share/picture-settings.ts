/** What draws one picture: the part of a request that its file and its link carry. */
import type { AppliedAdapter, DrawRequest } from '../../worker/protocol.ts';

export interface PictureSettings {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
  /** N */
  readonly stepCount: number;
  readonly guidanceScale: number;
  /** As the run named it; null = the model's own. */
  readonly sampler: string | null;
  /** A catalogue id. */
  readonly model: string;
  readonly width: number;
  readonly height: number;
  /** null = the prompt alone. */
  readonly promptBlend: { readonly prompt: string; readonly weight: number } | null;
  /** null = the seed alone. */
  readonly seedBlend: { readonly seed: number; readonly weight: number } | null;
  /** Files that changed the weights, by name; missing = none. */
  readonly adapters?: readonly AppliedAdapter[] | undefined;
  /** Missing = the model's own VAE. */
  readonly decoding?: 'fast' | undefined;
}

/** @param sampler that ran; missing = the one that was asked for, if any */
export function settingsOf(request: DrawRequest, sampler?: string): PictureSettings {
  const { prompt, negativePrompt = '', seed, stepCount, guidanceScale, model, width, height } = request;
  const { promptBlend = null, seedBlend = null, adapters, decoding } = request;
  return {
    prompt,
    negativePrompt,
    seed,
    stepCount,
    guidanceScale,
    sampler: sampler ?? request.sampler ?? null,
    model,
    width,
    height,
    promptBlend,
    seedBlend,
    ...(adapters && { adapters }),
    ...(decoding === 'fast' && { decoding }),
  };
}
