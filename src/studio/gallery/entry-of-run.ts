/** Finished runs as an entry of the gallery. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { Picture } from '../../worker/protocol.ts';
import { type PictureSettings, settingsOf } from '../share/picture-settings.ts';
import { type SideName, type SideRun, sideNames } from '../state/side.ts';
import { resultPrecisionText } from '../words/engine-words.ts';
import { entryId, type GalleryEntry, type KeptPicture } from './entry.ts';

export type EncodePicture = (picture: Picture, settings: PictureSettings) => Promise<Blob>;

function described(
  side: SideName,
  run: SideRun,
  models: readonly ModelDescriptor[],
): Omit<KeptPicture, 'png'> | null {
  const { request, result } = run;
  if (run.status !== 'done' || request === null || result === null) return null;
  return {
    side,
    settings: settingsOf(request, result.sampler),
    modelTitle: models.find(({ id }) => id === request.model)?.title ?? request.model,
    totalMs: result.timings.totalMs,
    cold: result.cold,
    backend: result.backend,
    precision: resultPrecisionText(result),
  };
}

/** The finished sides among those asked for; null when none is. */
export async function entryOfRun(
  runs: Readonly<Record<SideName, SideRun>>,
  models: readonly ModelDescriptor[],
  encode: EncodePicture,
  nowMs: number,
  sides: readonly SideName[] = sideNames,
): Promise<GalleryEntry | null> {
  const pictures: KeptPicture[] = [];
  for (const side of sides) {
    const picture = runs[side].result?.picture;
    const kept = described(side, runs[side], models);
    if (kept === null || picture === undefined) continue;
    pictures.push({ ...kept, png: await encode(picture, kept.settings) });
  }
  return pictures.length === 0 ? null : { id: entryId(pictures), keptAtMs: nowMs, starred: false, pictures };
}
