/** Figures as files. */
import { wrap } from 'comlink';
import { drawFigure, type Figure, type FigureSize, figureExtent } from '../drawing/figure.ts';
import type { FigureGifApi } from '../worker/figure-gif-host.ts';

const pngSize: FigureSize = { panel: 1000, scale: 2 };

export async function figurePng(figure: Figure, t: number): Promise<Blob> {
  const { width, height } = figureExtent(figure.panels.length, pngSize);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser gives no canvas to draw on.');
  drawFigure(context, figure, t, pngSize);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Encodes in a worker of its own, which ends with the file. */
export async function figureGif(figure: Figure): Promise<Blob> {
  const worker = new Worker(new URL('../worker/figure-gif-host.ts', import.meta.url), {
    type: 'module',
    name: 'figure-gif',
  });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'the encoder could not be loaded.'));
    });
  });
  try {
    return new Blob([await Promise.race([wrap<FigureGifApi>(worker).encode(figure), failed])], {
      type: 'image/gif',
    });
  } finally {
    worker.terminate();
  }
}
