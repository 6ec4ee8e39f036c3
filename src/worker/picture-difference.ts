/** Comparing two pictures in a worker: where they differ, by how much, and how alike their structure is. */
import { type Remote, wrap } from 'comlink';
import type { DifferenceHost } from './difference-host.ts';
import { unwrap } from './outcome.ts';
import type { Picture } from './protocol.ts';

export interface PictureDifference {
  readonly width: number;
  readonly height: number;
  /** Mean absolute difference of the colours of each pixel, 0 to 1, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly mean: number;
  readonly largest: number;
  /** SSIM of the luma, 1 = equal; null for pictures smaller than its window of 11 pixels. */
  readonly similarity: number | null;
}

export interface PictureComparer {
  /** @throws EngineError 'argument-invalid' when the sizes differ */
  difference(a: Picture, b: Picture): Promise<PictureDifference>;
  /** SSIM alone. @throws EngineError 'argument-invalid' when the sizes differ */
  similarity(a: Picture, b: Picture): Promise<number | null>;
}

/** The worker starts with the first comparison, and stays. */
export function createPictureComparer(): PictureComparer {
  let host: Remote<DifferenceHost> | undefined;
  const started = (): Remote<DifferenceHost> => {
    host ??= wrap<DifferenceHost>(
      new Worker(new URL('./difference-host.ts', import.meta.url), { type: 'module', name: 'difference' }),
    );
    return host;
  };
  return {
    difference: async (a, b) => unwrap(await started().difference(a, b)),
    similarity: async (a, b) => unwrap(await started().similarity(a, b)),
  };
}
