/** Gallery entries for tests: pictures of a few bytes. */
import type { GalleryEntry, KeptPicture } from '../gallery/entry.ts';
import { entryId } from '../gallery/entry.ts';
import { settingsOf } from '../share/picture-settings.ts';
import { request } from './sample-runs.ts';

interface SampleEntry {
  readonly prompt?: string;
  readonly at?: number;
  readonly starred?: boolean;
  /** 1 or 2 */
  readonly pictures?: number;
  readonly sizeBytes?: number;
}

/** Its pictures weigh `sizeBytes` together. */
export function galleryEntry(sample: SampleEntry = {}): GalleryEntry {
  const { prompt = 'a red apple', at = 0, starred = false, pictures: count = 2, sizeBytes = 10 } = sample;
  const pictures = Array.from({ length: count }, (_, i): KeptPicture => {
    const side = i === 0 ? 'a' : 'b';
    return {
      side,
      settings: settingsOf(request({ prompt, model: side === 'a' ? 'one' : 'many' }), 'rectified-flow'),
      modelTitle: side === 'a' ? 'InstaFlow-nano' : '2-RF-nano',
      png: new Blob([new Uint8Array(sizeBytes / count).fill(i)]),
      totalMs: 60,
      cold: false,
      backend: 'wasm',
      precision: 'float32',
    };
  });
  return { id: entryId(pictures), keptAtMs: at, starred, pictures };
}
