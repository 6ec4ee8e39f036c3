/** Entries as a zip of their PNG files: stored, not deflated, since PNGs don't shrink. */
import { Zip, ZipPassThrough } from 'fflate';
import { distinctNames, pictureFileName } from '../share/file-names.ts';
import type { GalleryEntry } from './entry.ts';

/** One picture is in memory at a time, beside the zip itself. Names say prompt, model, steps and seed. */
export async function zipEntries(entries: readonly GalleryEntry[]): Promise<Blob> {
  const pictures = entries.flatMap((entry) => entry.pictures);
  const names = distinctNames(pictures.map(({ settings }) => pictureFileName(settings)));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part as Uint8Array<ArrayBuffer>);
  });
  for (const [i, { png }] of pictures.entries()) {
    const file = new ZipPassThrough(`${names[i]}.png`);
    zip.add(file);
    file.push(new Uint8Array(await png.arrayBuffer()), true);
  }
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}
