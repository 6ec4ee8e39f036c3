import sharp from 'sharp';
import type { Picture } from '../src/engine/pipeline/picture.ts';

/** Writes an 8-bit RGB PNG. */
export async function writePicture(file: string, { rgba, width, height }: Picture): Promise<void> {
  const raw = { width, height, channels: 4 } as const;
  await sharp(rgba, { raw }).removeAlpha().png().toFile(file);
}
