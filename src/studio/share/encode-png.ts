/** A picture as a PNG file that carries its settings. */
import type { Picture } from '../../worker/protocol.ts';
import type { PictureSettings } from './picture-settings.ts';
import { insertPngText } from './png-text.ts';
import { formatSettingsText, settingsKeyword } from './settings-text.ts';

/** As the text names its writer. */
const program = 'InstaFlow Studio';

/** The browser's own encoder, off the main thread. Opaque pixels come back as they were. */
async function encodePixels({ width, height, rgba }: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to encode pictures with.');
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

/** @param picture opaque */
export async function encodePng(picture: Picture, settings: PictureSettings): Promise<Blob> {
  const text = formatSettingsText(settings, program);
  return new Blob([insertPngText(await encodePixels(picture), settingsKeyword, text)], { type: 'image/png' });
}
