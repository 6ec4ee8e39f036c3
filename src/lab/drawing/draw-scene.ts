/** A scene on a canvas: what stands still, and what moves. */
import { gridReach } from '../flow/velocity-grid.ts';
import type { Palette } from './palette.ts';
import { type Plane, pixelX, pixelY } from './plane.ts';
import { hues, positionsAt, type Scene } from './scene.ts';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Look {
  readonly palette: Palette;
  readonly plane: Plane;
  /** Pixels of the canvas per CSS pixel. */
  readonly scale: number;
}

/** Paths, one stroke a colour. */
export function drawPaths(context: Context, { path, colours, drawnPaths }: Scene, look: Look): void {
  const { palette, plane, scale } = look;
  const size = 2 * path.count;
  const states = path.states.length / size;
  context.lineWidth = scale;
  context.lineJoin = 'round';
  context.globalAlpha = 0.42;
  for (let hue = 0; hue < hues; hue++) {
    context.beginPath();
    for (let i = 0; i < Math.min(drawnPaths, path.count); i++) {
      if (colours[i] !== hue) continue;
      for (let k = 0; k < states; k++) {
        const x = pixelX(plane, path.states[k * size + 2 * i]!);
        const y = pixelY(plane, path.states[k * size + 2 * i + 1]!);
        if (k === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
    }
    context.strokeStyle = palette.starts[hue]!;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Where all particles are at time t. @param scratch [count, 2], overwritten */
export function drawParticles(
  context: Context,
  { path, colours }: Scene,
  t: number,
  { palette, plane, scale }: Look,
  scratch: Float32Array,
): void {
  const points = positionsAt(path, t, scratch);
  const side = 2.2 * scale;
  for (let hue = 0; hue < hues; hue++) {
    context.fillStyle = palette.starts[hue]!;
    for (let i = 0; i < path.count; i++) {
      if (colours[i] !== hue) continue;
      const [x, y] = [pixelX(plane, points[2 * i]!), pixelY(plane, points[2 * i + 1]!)];
      context.fillRect(x - side / 2, y - side / 2, side, side);
    }
  }
}

/** Arrows of the field at the nearest of its times. */
export function drawField(
  context: Context,
  { field }: Scene,
  t: number,
  { palette, plane, scale }: Look,
): void {
  if (field === undefined) return;
  const size = 2 * field.side * field.side;
  const times = field.values.length / size;
  const offset = Math.round(t * (times - 1)) * size;
  const spacing = (2 * gridReach) / (field.side - 1);
  let longest = 0;
  for (let i = 0; i < field.values.length; i += 2) {
    longest = Math.max(longest, Math.hypot(field.values[i]!, field.values[i + 1]!));
  }
  const length = longest === 0 ? 0 : spacing / longest;
  context.strokeStyle = palette.quiet;
  context.fillStyle = palette.quiet;
  context.lineWidth = scale;
  context.beginPath();
  for (let i = 0; i < size; i += 2) {
    const cell = i / 2;
    const x = gridReach * ((2 * (cell % field.side)) / (field.side - 1) - 1);
    const y = gridReach * ((2 * Math.floor(cell / field.side)) / (field.side - 1) - 1);
    const [u, v] = [length * field.values[offset + i]!, length * field.values[offset + i + 1]!];
    const [left, top] = [pixelX(plane, x), pixelY(plane, y)];
    context.moveTo(left, top);
    context.lineTo(pixelX(plane, x + u), pixelY(plane, y + v));
    context.fillRect(left - scale, top - scale, 2 * scale, 2 * scale);
  }
  context.stroke();
}

export function drawCrosses(context: Context, { crosses, drawnPaths }: Scene, look: Look): void {
  if (crosses === undefined) return;
  const { palette, plane, scale } = look;
  const arm = 3 * scale;
  context.strokeStyle = palette.cross;
  context.lineWidth = 1.25 * scale;
  context.beginPath();
  for (let i = 0; i < Math.min(drawnPaths, crosses.length / 2); i++) {
    const [x, y] = [pixelX(plane, crosses[2 * i]!), pixelY(plane, crosses[2 * i + 1]!)];
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
  }
  context.stroke();
}
