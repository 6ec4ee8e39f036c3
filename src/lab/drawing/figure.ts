/** Several scenes with their titles, as one picture: for PNG and GIF. */
import { drawCrosses, drawParticles, drawPaths } from './draw-scene.ts';
import type { Palette } from './palette.ts';
import type { Scene } from './scene.ts';

export interface Figure {
  /** In rows of two. */
  readonly panels: readonly { readonly title: string; readonly scene: Scene }[];
  readonly palette: Palette;
}

export interface FigureSize {
  /** Side of a panel, in pixels. */
  readonly panel: number;
  /** Pixels per CSS pixel: how thick lines are. */
  readonly scale: number;
}

const columns = 2;
const gap = 16;
const titleHeight = 24;

export function figureExtent(
  panels: number,
  { panel, scale }: FigureSize,
): { width: number; height: number } {
  const rows = Math.ceil(panels / columns);
  return {
    width: columns * panel + (columns + 1) * gap * scale,
    height: rows * (panel + titleHeight * scale) + (rows + 1) * gap * scale,
  };
}

/** Upper left corner of panel i. */
export function panelCorner(i: number, { panel, scale }: FigureSize): { left: number; top: number } {
  const [row, column] = [Math.floor(i / columns), i % columns];
  return {
    left: gap * scale + column * (panel + gap * scale),
    top: gap * scale + row * (panel + (titleHeight + gap) * scale),
  };
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Fills the whole canvas, which has the extent of the figure. */
export function drawFigure(context: Context, { panels, palette }: Figure, t: number, size: FigureSize): void {
  const { width, height } = figureExtent(panels.length, size);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  for (const [i, { title, scene }] of panels.entries()) {
    const { left, top } = panelCorner(i, size);
    const look = { palette, plane: { size: size.panel }, scale: size.scale };
    context.save();
    context.translate(left, top);
    context.strokeStyle = palette.line;
    context.lineWidth = size.scale;
    context.strokeRect(0, 0, size.panel, size.panel);
    context.fillStyle = palette.ink;
    context.font = `${13 * size.scale}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.fillText(title, 0, size.panel + (titleHeight / 2 + 2) * size.scale);
    context.beginPath();
    context.rect(0, 0, size.panel, size.panel);
    context.clip();
    drawPaths(context, scene, look);
    drawParticles(context, scene, t, look, new Float32Array(2 * scene.path.count));
    drawCrosses(context, scene, look);
    context.restore();
  }
}
