/** A worker that draws a figure's frames and writes them as a GIF, so that the page stays free. */
import { expose, transfer } from 'comlink';
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import { drawFigure, type Figure, type FigureSize, figureExtent } from '../drawing/figure.ts';

export interface FigureGifApi {
  /** @returns the bytes of a GIF that runs from t = 0 to 1, rests, and begins again */
  encode(figure: Figure): ArrayBuffer;
}

const size: FigureSize = { panel: 300, scale: 1 };
const frames = 40;
const frameMs = 70;
const restMs = 1200;

const api: FigureGifApi = {
  encode(figure) {
    const { width, height } = figureExtent(figure.panels.length, size);
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('This browser draws nothing in a worker.');
    const encoder = GIFEncoder();
    // Every frame has the same colours: chosen once, where the particles are spread widest.
    drawFigure(context, figure, 0.5, size);
    const palette = quantize(context.getImageData(0, 0, width, height).data, 128);
    for (let frame = 0; frame <= frames; frame++) {
      drawFigure(context, figure, frame / frames, size);
      const indices = applyPalette(context.getImageData(0, 0, width, height).data, palette);
      const delay = frame === 0 || frame === frames ? restMs : frameMs;
      encoder.writeFrame(indices, width, height, { palette, delay, repeat: 0 });
    }
    encoder.finish();
    const { buffer } = encoder.bytes().slice();
    return transfer(buffer, [buffer]);
  },
};

expose(api);
