import { describe, expect, it } from 'vitest';
import { strokeLimit } from '../state/share-link.ts';
import { packPath } from '../worker/packed-path.ts';
import { figureExtent, panelCorner } from './figure.ts';
import { figureSvg } from './figure-svg.ts';
import { decadesAround, decadeTicks, shareOf } from './log-axis.ts';
import { lossCurve } from './loss-curve.ts';
import { pixelX, pixelY, planeAt } from './plane.ts';
import { coloursByStart, interpolationPath, positionsAt } from './scene.ts';
import { beginStroke, continueStroke, isFull } from './stroke-recorder.ts';

const path = packPath([Float32Array.of(0, 0), Float32Array.of(1, 2), Float32Array.of(3, 2)]);
const palette = {
  background: '#ffffff',
  ink: '#111111',
  quiet: '#222222',
  line: '#333333',
  cross: '#444444',
  starts: Array.from({ length: 12 }, (_, hue) => `#0000${hue.toString(16)}0`),
};

describe('scene', () => {
  it('particles stand between states, in a line, and stay within the ends', () => {
    const at = (t: number): number[] => [...positionsAt(path, t, new Float32Array(2))];
    expect([0, 0.25, 0.5, 0.75, 1, 2, -1].map(at)).toEqual([
      [0, 0],
      [0.5, 1],
      [1, 2],
      [2, 2],
      [3, 2],
      [3, 2],
      [0, 0],
    ]);
  });

  it('colours follow the direction of the start from the middle', () => {
    const colours = coloursByStart(Float32Array.of(1, 0.01, -1, 0.01, 0, 1, 0, -1.02));
    expect(new Set(colours).size).toBe(4);
  });

  it('the curved interpolation has the ends of the straight one, nearly', () => {
    const pairs = { starts: Float32Array.of(-2, 1), ends: Float32Array.of(2, -1) };
    const curved = interpolationPath(pairs, 'diffusion');
    expect(positionsAt(curved, 0, new Float32Array(2))[0]).toBeCloseTo(-2, 1);
    expect(positionsAt(curved, 1, new Float32Array(2))[0]).toBeCloseTo(2, 0);
  });
});

describe('plane', () => {
  it('reads what it wrote, y upwards', () => {
    const plane = { size: 660 };
    const { x, y } = planeAt(plane, pixelX(plane, 1.5), pixelY(plane, -2));
    expect(x).toBeCloseTo(1.5, 12);
    expect(y).toBeCloseTo(-2, 12);
    expect(pixelY(plane, 1)).toBeLessThan(pixelY(plane, 0));
  });
});

describe('logarithmic axis', () => {
  it('has whole decades, and takes what is not positive to its floor', () => {
    const axis = decadesAround([0.03, 2, -1], 1e-3);
    expect(decadeTicks(axis)).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(shareOf(axis, -1)).toBe(0);
    expect(shareOf(axis, 10)).toBe(1);
    expect(shareOf(axis, 0.1)).toBeCloseTo(0.5, 9);
    expect(decadeTicks(decadesAround([], 1e-3)).length).toBeGreaterThan(1);
  });
});

describe('loss curve', () => {
  it('starts at the left, is no denser than pixels, and is empty without losses', () => {
    expect(lossCurve([], 100, 50, 20).path).toBe('');
    const { path: curve, smoothed } = lossCurve(
      Array.from({ length: 500 }, (_, i) => 1 / (i + 1)),
      500,
      50,
      20,
    );
    expect(curve.startsWith('M0.0 1.0')).toBe(true);
    expect(curve.split('L').length).toBeLessThanOrEqual(52);
    expect(smoothed.at(-1)).toBeLessThan(smoothed[0]!);
  });
});

describe('figure', () => {
  it('stands in rows of two', () => {
    const size = { panel: 100, scale: 1 };
    expect(figureExtent(4, size)).toEqual({ width: 248, height: 296 });
    expect(panelCorner(3, size)).toEqual({ left: 132, top: 156 });
  });

  it('as SVG has a path, a particle and a cross per drawn particle, and escapes its titles', () => {
    const scene = {
      path,
      colours: Uint8Array.of(3),
      drawnPaths: 1,
      crosses: Float32Array.of(1, 1),
    };
    const svg = figureSvg({ panels: [{ title: 'a < b & "c"', scene }], palette }, 0.5);
    expect(svg).toContain('a &#60; b &#38; &#34;c&#34;');
    expect(svg.match(/<circle/gu)).toHaveLength(1);
    expect(svg.match(/stroke="#444444"/gu)).toHaveLength(1);
    expect(svg).toContain(`stroke="${palette.starts[3]}"`);
    expect(svg).not.toContain('NaN');
  });
});

describe('strokes as they are drawn', () => {
  it('are no denser than the brush and end where a link is full', () => {
    const begun = beginStroke([], 0, 0);
    expect(continueStroke(begun, 0.01, 0)).toBe(begun);
    expect(continueStroke(begun, 0.5, 0)).toEqual([[0, 0, 0.5, 0]]);
    let strokes = begun;
    for (let i = 1; i < strokeLimit.coordinates; i++) strokes = continueStroke(strokes, i, 0);
    expect(isFull(strokes)).toBe(true);
    expect(strokes.flat().length).toBeLessThanOrEqual(strokeLimit.coordinates);
    expect(beginStroke(strokes, 1, 1)).toBe(strokes);
  });
});
