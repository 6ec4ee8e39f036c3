/** What one panel shows: particles on their way, some with their path drawn, arrows, crosses. */
import type { Pairs } from '../flow/coupling.ts';
import { type InterpolationKind, interpolations } from '../flow/interpolation.ts';
import type { Points } from '../flow/points.ts';
import { packPath } from '../worker/packed-path.ts';
import type { PackedPath, VelocityGrid } from '../worker/protocol.ts';

export interface Scene {
  readonly path: PackedPath;
  /** Colour of every particle: the direction of its start, as one of `hues`. */
  readonly colours: Uint8Array;
  /** How many particles have their path drawn. */
  readonly drawnPaths: number;
  readonly field?: VelocityGrid;
  /** Where one Euler step lands, of the particles with a path. */
  readonly crosses?: Points;
}

/** Colours by start: this many directions. */
export const hues = 12;

/** Directions of the points as seen from their mean, 0 to `hues` - 1. */
export function coloursByStart(starts: Points): Uint8Array {
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < starts.length; i += 2) {
    sumX += starts[i]!;
    sumY += starts[i + 1]!;
  }
  const count = starts.length / 2;
  return Uint8Array.from({ length: count }, (_, i) => {
    const angle = Math.atan2(starts[2 * i + 1]! - sumY / count, starts[2 * i]! - sumX / count);
    return Math.min(hues - 1, Math.floor((angle / (2 * Math.PI) + 0.5) * hues));
  });
}

/** Pieces that a curved interpolation is drawn in. */
const pieces = 48;

/** The interpolation's own paths from starts to ends. */
export function interpolationPath({ starts, ends }: Pairs, kind: InterpolationKind): PackedPath {
  if (kind === 'straight') return packPath([starts, ends]);
  return packPath(
    Array.from({ length: pieces + 1 }, (_, k) => {
      const { start, end } = interpolations[kind](k / pieces);
      return starts.map((value, i) => start * value + end * ends[i]!);
    }),
  );
}

/** Where particles are at time t in [0, 1]: between two states, in a line. Written into `out`. */
export function positionsAt({ states, count }: PackedPath, t: number, out: Points): Points {
  const size = 2 * count;
  const steps = states.length / size - 1;
  const place = Math.min(1, Math.max(0, t)) * steps;
  const before = Math.min(Math.floor(place), Math.max(0, steps - 1));
  const share = place - before;
  const [from, to] = [before * size, Math.min(before + 1, steps) * size];
  for (let i = 0; i < size; i++) {
    out[i] = states[from + i]! + share * (states[to + i]! - states[from + i]!);
  }
  return out;
}
