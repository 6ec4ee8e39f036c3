/** Draws the sweep's figure into a PNG. Loaded when one is asked for. */
import { pageColour } from '../plots/page-colours.ts';
import { layOutFigure, type SweepFigure } from '../plots/sweep-figure.ts';
import { saveFile } from '../share/save-file.ts';

/** PNG pixels a CSS pixel: sharp on paper and in talks. */
const density = 2;

/** @throws Error where the browser makes no PNG of this size */
export async function saveSweepFigure(figure: SweepFigure, name: string): Promise<void> {
  const { width, height, texts, pictures } = layOutFigure(figure);
  const canvas = document.createElement('canvas');
  canvas.width = density * width;
  canvas.height = density * height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no canvas.');
  context.scale(density, density);
  context.fillStyle = pageColour('--stage');
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  for (const { picture, x, y, side } of pictures) {
    if (picture === null) {
      context.fillStyle = pageColour('--sunken');
      context.fillRect(x, y, side, side);
      continue;
    }
    const source = document.createElement('canvas');
    source.width = picture.width;
    source.height = picture.height;
    source.getContext('2d')?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0);
    const scale = Math.min(side / picture.width, side / picture.height);
    context.drawImage(source, x, y, scale * picture.width, scale * picture.height);
  }
  context.fillStyle = pageColour('--ink');
  await document.fonts.ready;
  for (const { text, x, y, size, bold, align, width: within } of texts) {
    context.font = `${bold ? 600 : 400} ${size}px "Geist Variable", ui-sans-serif, sans-serif`;
    context.textAlign = align;
    context.fillText(text, x, y, within);
  }
  const blob = await new Promise<Blob>((resolve, reject) =>
    canvas.toBlob(
      (made) => (made ? resolve(made) : reject(new Error('The browser made no PNG.'))),
      'image/png',
    ),
  );
  saveFile(blob, `${name}.png`);
}
