/** What draws one picture: the part of a request that its file and its link carry. */
import type { DrawRequest } from '../../worker/protocol.ts';

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
}

/** @param sampler that ran; missing = the one that was asked for, if any */
export function settingsOf(request: DrawRequest, sampler?: string): PictureSettings {
  const { prompt, negativePrompt = '', seed, stepCount, guidanceScale, model, width, height } = request;
  const { promptBlend = null, seedBlend = null } = request;
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
  };
}
