/** A figure as SVG: paths, and the particles that have one where they are at time t. */
import { type Figure, type FigureSize, figureExtent, panelCorner } from './figure.ts';
import { type Plane, pixelX, pixelY } from './plane.ts';
import { positionsAt, type Scene } from './scene.ts';

const size: FigureSize = { panel: 420, scale: 1 };

const short = (value: number): string => String(Math.round(10 * value) / 10);
const escaped = (text: string): string =>
  text.replace(/[&<>"]/gu, (character) => `&#${character.charCodeAt(0)};`);

function pathOf({ path }: Scene, i: number, plane: Plane): string {
  const stride = 2 * path.count;
  const points: string[] = [];
  for (let at = 2 * i; at < path.states.length; at += stride) {
    points.push(`${short(pixelX(plane, path.states[at]!))} ${short(pixelY(plane, path.states[at + 1]!))}`);
  }
  return `M${points.join('L')}`;
}

function sceneMarkup(scene: Scene, t: number, { palette }: Figure): string {
  const plane: Plane = { size: size.panel };
  const points = positionsAt(scene.path, t, new Float32Array(2 * scene.path.count));
  const shown = Math.min(scene.drawnPaths, scene.path.count);
  const parts: string[] = [];
  for (let i = 0; i < shown; i++) {
    const colour = palette.starts[scene.colours[i]!] ?? palette.ink;
    const [x, y] = [pixelX(plane, points[2 * i]!), pixelY(plane, points[2 * i + 1]!)];
    parts.push(
      `<path d="${pathOf(scene, i, plane)}" fill="none" stroke="${colour}" stroke-opacity="0.42"/>`,
      `<circle cx="${short(x)}" cy="${short(y)}" r="1.6" fill="${colour}"/>`,
    );
    if (scene.crosses !== undefined) {
      const [left, top] = [pixelX(plane, scene.crosses[2 * i]!), pixelY(plane, scene.crosses[2 * i + 1]!)];
      parts.push(
        `<path d="M${short(left - 3)} ${short(top - 3)}l6 6m0 -6l-6 6" stroke="${palette.cross}" stroke-width="1.25"/>`,
      );
    }
  }
  return parts.join('');
}

/** @returns an SVG document */
export function figureSvg(figure: Figure, t: number): string {
  const { width, height } = figureExtent(figure.panels.length, size);
  const panels = figure.panels.map(({ title, scene }, i) => {
    const { left, top } = panelCorner(i, size);
    return (
      `<g transform="translate(${left} ${top})">` +
      `<rect width="${size.panel}" height="${size.panel}" fill="none" stroke="${figure.palette.line}"/>` +
      `<text y="${size.panel + 18}" font-size="13" font-family="system-ui, sans-serif" fill="${figure.palette.ink}">${escaped(title)}</text>` +
      `<svg width="${size.panel}" height="${size.panel}">${sceneMarkup(scene, t, figure)}</svg></g>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="100%" height="100%" fill="${figure.palette.background}"/>${panels.join('')}</svg>`
  );
}
