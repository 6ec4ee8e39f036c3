/** Comparing two pictures in a worker: where they differ, by how much, and how alike their structure is. */
import { type Remote, wrap } from 'comlink';
import type { DifferenceApi, PictureDifference } from './difference-api.ts';
import { unwrap } from './outcome.ts';
import type { Picture } from './protocol.ts';

export interface PictureComparer {
  /** @throws EngineError 'argument-invalid' when the sizes differ */
  difference(a: Picture, b: Picture): Promise<PictureDifference>;
  /** SSIM alone. @throws EngineError 'argument-invalid' when the sizes differ */
  similarity(a: Picture, b: Picture): Promise<number | null>;
}

/** The worker starts with the first comparison, and stays. */
export function createPictureComparer(): PictureComparer {
  let host: Remote<DifferenceApi> | undefined;
  const started = (): Remote<DifferenceApi> => {
    host ??= wrap<DifferenceApi>(
      new Worker(new URL('./difference-host.ts', import.meta.url), { type: 'module', name: 'difference' }),
    );
    return host;
  };
  return {
    difference: async (a, b) => unwrap(await started().difference(a, b)),
    similarity: async (a, b) => unwrap(await started().similarity(a, b)),
  };
}
