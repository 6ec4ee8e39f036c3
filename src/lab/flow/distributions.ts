/**
 * The distributions that π0 and π1 can be. Every one has an order along its shape (around a ring, along a stroke,
 * blob by blob), so that a coupling can be given by it and not only drawn at random.
 */
import type { OrderedPoint, Points } from './points.ts';
import type { Random } from './random.ts';
import { type Stroke, sampleStrokes } from './strokes.ts';

export const presetNames = [
  'gaussian',
  'left-blobs',
  'right-blobs',
  'moons',
  'rings',
  'checkerboard',
  'spiral',
  'letters',
] as const;

export type PresetName = (typeof presetNames)[number];

export type Distribution =
  | { readonly kind: 'preset'; readonly name: PresetName }
  | { readonly kind: 'drawn'; readonly strokes: readonly Stroke[] };

const turn = 2 * Math.PI;

/** Two Gaussians one above the other, at x; those on the right are counted from below, so that order crosses. */
function blobs(random: Random, x: number, first: 'upper' | 'lower'): OrderedPoint {
  const inFirst = random.uniform() < 0.5;
  const up = inFirst === (first === 'upper');
  return {
    x: x + 0.35 * random.normal(),
    y: (up ? 1.5 : -1.5) + 0.35 * random.normal(),
    order: (inFirst ? 0 : 0.5) + random.uniform() / 2,
  };
}

/** Capital R and F, as strokes. */
const letterStrokes: readonly Stroke[] = [
  [-2.2, -1.5, -2.2, 1.5, -1.2, 1.5, -0.75, 1.2, -0.6, 0.75, -0.75, 0.3, -1.2, 0, -2.2, 0],
  [-1.3, 0, -0.5, -1.5],
  [0.6, -1.5, 0.6, 1.5, 2.1, 1.5],
  [0.6, 0.1, 1.8, 0.1],
];

const presets: Readonly<Record<PresetName, (random: Random) => OrderedPoint>> = {
  gaussian(random) {
    const [x, y] = [random.normal(), random.normal()];
    return { x, y, order: Math.atan2(y, x) / turn + 0.5 };
  },
  'left-blobs': (random) => blobs(random, -2, 'upper'),
  'right-blobs': (random) => blobs(random, 2, 'lower'),
  moons(random) {
    const upper = random.uniform() < 0.5;
    const along = random.uniform();
    const angle = Math.PI * along;
    const [x, y] = upper
      ? [Math.cos(angle) - 0.5, Math.sin(angle) - 0.25]
      : [0.5 - Math.cos(angle), 0.25 - Math.sin(angle)];
    return {
      x: 1.5 * x + 0.1 * random.normal(),
      y: 1.5 * y + 0.1 * random.normal(),
      order: (upper ? 0 : 0.5) + along / 2,
    };
  },
  rings(random) {
    // As dense along one ring as along the other.
    const inner = random.uniform() < 1 / 3;
    const along = random.uniform();
    const radius = (inner ? 1 : 2) + 0.08 * random.normal();
    return {
      x: radius * Math.cos(turn * along),
      y: radius * Math.sin(turn * along),
      order: inner ? along / 3 : 1 / 3 + (2 / 3) * along,
    };
  },
  checkerboard(random) {
    const cell = random.index(8);
    const row = cell >> 1;
    const column = 2 * (cell & 1) + (row & 1);
    const [u, v] = [random.uniform(), random.uniform()];
    return { x: -2.2 + 1.1 * (column + u), y: -2.2 + 1.1 * (row + v), order: (cell + u) / 8 };
  },
  spiral(random) {
    // Equally dense along the curve: arc length grows about as the square of the angle.
    const along = random.uniform();
    const angle = 3 * Math.PI * Math.sqrt(0.02 + 0.98 * along);
    const radius = 2.4 * (angle / (3 * Math.PI));
    return {
      x: radius * Math.cos(angle) + 0.07 * random.normal(),
      y: radius * Math.sin(angle) + 0.07 * random.normal(),
      order: along,
    };
  },
  letters: (random) => sampleStrokes(letterStrokes, random),
};

export interface OrderedPoints {
  readonly points: Points;
  /** Per point, in [0, 1]. */
  readonly order: Float32Array;
}

export function samplePoints(distribution: Distribution, count: number, random: Random): OrderedPoints {
  const draw =
    distribution.kind === 'preset'
      ? presets[distribution.name]
      : (source: Random) => sampleStrokes(distribution.strokes, source);
  const points = new Float32Array(2 * count);
  const order = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const point = draw(random);
    points[2 * i] = point.x;
    points[2 * i + 1] = point.y;
    order[i] = point.order;
  }
  return { points, order };
}
