/** A worker that draws a film's frames and writes them as a GIF, so that the page stays free. */
import { expose, transfer } from 'comlink';
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Picture } from '../../worker/protocol.ts';
import { type SideName, sideNames } from '../state/side.ts';
import type { FilmFrame } from '../state/trajectory-film.ts';

export interface GifJob {
  readonly frames: readonly FilmFrame[];
  /** 'A  InstaFlow-nano, 1 step'; '' where a side is left out. */
  readonly titles: Readonly<Record<SideName, string>>;
  readonly colours: Readonly<Record<SideName | 'ink' | 'line' | 'background', string>>;
  readonly frameMs: number;
}

export interface GifHost {
  encode(job: GifJob): Promise<ArrayBuffer>;
}

const square = 256;
const gap = 12;
const headHeight = 28;
const footHeight = 28;
/** The film rests on the picture before it begins again. */
const restMs = 1800;
const paletteSize = 256;
/** Colours are chosen from so many pixels: choosing takes the square of their number. */
const sampledPixels = 4096;

async function encode({ frames, titles, colours, frameMs }: GifJob): Promise<ArrayBuffer> {
  const sides = sideNames.filter((side) => titles[side] !== '');
  const width = gap + sides.length * (square + gap);
  const height = headHeight + square + footHeight;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser draws nothing in a worker.');
  const encoder = GIFEncoder();
  for (const [i, { t, pictures }] of frames.entries()) {
    context.fillStyle = colours.background;
    context.fillRect(0, 0, width, height);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (const [k, side] of sides.entries()) {
      const x = gap + k * (square + gap);
      context.fillStyle = colours[side];
      context.fillText(titles[side], x, headHeight / 2, square);
      const picture = pictures[side];
      if (picture !== null) drawPicture(context, picture, x, headHeight);
    }
    drawTime(context, t, { width, y: headHeight + square + footHeight / 2, colours });
    const { data } = context.getImageData(0, 0, width, height);
    const palette = quantize(sampled(data), paletteSize);
    const delay = i === frames.length - 1 ? restMs : frameMs;
    encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay, repeat: 0 });
  }
  encoder.finish();
  const { buffer } = encoder.bytes().slice();
  return transfer(buffer, [buffer]);
}

function drawPicture(
  context: OffscreenCanvasRenderingContext2D,
  picture: Picture,
  x: number,
  y: number,
): void {
  const own = new OffscreenCanvas(picture.width, picture.height);
  own.getContext('2d')?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0);
  context.imageSmoothingQuality = 'high';
  context.drawImage(own, x, y, square, square);
}

interface TimeLine {
  readonly width: number;
  readonly y: number;
  readonly colours: GifJob['colours'];
}

/** A line from noise to picture with what is done of it, and t in figures. */
function drawTime(
  context: OffscreenCanvasRenderingContext2D,
  t: number,
  { width, y, colours }: TimeLine,
): void {
  const textWidth = 56;
  const length = width - 2 * gap - textWidth;
  context.fillStyle = colours.ink;
  context.fillText(`t = ${t.toFixed(2)}`, gap, y);
  context.fillStyle = colours.line;
  context.fillRect(gap + textWidth, y - 1, length, 2);
  context.fillStyle = colours.ink;
  context.fillRect(gap + textWidth, y - 1, length * t, 2);
}

/** Evenly spread pixels of a frame. */
function sampled(rgba: Uint8ClampedArray): Uint8ClampedArray {
  const pixels = rgba.length / 4;
  const stride = Math.max(1, Math.floor(pixels / sampledPixels));
  const picked = new Uint8ClampedArray(4 * Math.ceil(pixels / stride));
  for (let i = 0, at = 0; i < pixels; i += stride, at += 4) picked.set(rgba.subarray(4 * i, 4 * i + 4), at);
  return picked;
}

const host: GifHost = { encode };
expose(host);
