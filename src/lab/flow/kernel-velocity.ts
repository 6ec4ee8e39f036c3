/**
 * The velocity without a network: v(x, t) = E[dX_t/dt | X_t = x], estimated over the pairs themselves with a
 * Gaussian kernel (Nadaraya 1964, Watson 1964). Exact for the pairs smeared by the kernel's width.
 */
import type { Pairs } from './coupling.ts';
import { type InterpolationKind, interpolations } from './interpolation.ts';
import { type Points, pointCount } from './points.ts';
import type { Velocity } from './velocity.ts';

/** In bandwidths. Pairs beyond weigh less than exp(-4.5) = 1 % of a pair at the point itself. */
const reach = 3;

export function createKernelVelocity(pairs: Pairs, bandwidth: number, kind: InterpolationKind): Velocity {
  return (points, t) => {
    const mixture = interpolations[kind](t);
    const at = pairs.starts.map((value, i) => mixture.start * value + mixture.end * pairs.ends[i]!);
    const cells = sortIntoCells(at, reach * bandwidth);
    // Positions and velocities in the order of the cells, so that a cell is one stretch of memory.
    const [places, rates] = [new Float32Array(at.length), new Float32Array(at.length)];
    for (const [slot, i] of cells.order.entries()) {
      for (let axis = 0; axis < 2; axis++) {
        const [start, end] = [pairs.starts[2 * i + axis]!, pairs.ends[2 * i + axis]!];
        places[2 * slot + axis] = at[2 * i + axis]!;
        rates[2 * slot + axis] = mixture.startRate * start + mixture.endRate * end;
      }
    }
    const result = new Float32Array(points.length);
    for (let p = 0; p < points.length; p += 2) {
      const [x, y] = weightedMean(places, rates, cells, bandwidth, points[p]!, points[p + 1]!);
      result[p] = x;
      result[p + 1] = y;
    }
    return result;
  };
}

function weightedMean(
  places: Points,
  rates: Points,
  cells: Cells,
  bandwidth: number,
  x: number,
  y: number,
): readonly [x: number, y: number] {
  const scale = -0.5 / (bandwidth * bandwidth);
  let [weights, sumX, sumY] = [0, 0, 0];
  const [column, row] = [cells.columnOf(x), cells.rowOf(y)];
  for (let c = Math.max(0, column - 1); c <= Math.min(cells.columns - 1, column + 1); c++) {
    // Three cells one above the other lie one behind the other.
    const first = cells.starts[c * cells.rows + Math.min(cells.rows, Math.max(0, row - 1))]!;
    const end = cells.starts[c * cells.rows + Math.min(cells.rows, Math.max(0, row + 2))]!;
    for (let slot = 2 * first; slot < 2 * end; slot += 2) {
      const [dx, dy] = [places[slot]! - x, places[slot + 1]! - y];
      const weight = Math.exp(scale * (dx * dx + dy * dy));
      weights += weight;
      sumX += weight * rates[slot]!;
      sumY += weight * rates[slot + 1]!;
    }
  }
  if (weights > 1e-12) return [sumX / weights, sumY / weights];
  // Far from every pair, the kernel's limit is the nearest one.
  const slot = nearest(places, x, y);
  return [rates[slot]!, rates[slot + 1]!];
}

/** @returns where the nearest point begins in `places` */
function nearest(places: Points, x: number, y: number): number {
  let [best, bestDistance] = [0, Number.POSITIVE_INFINITY];
  for (let slot = 0; slot < places.length; slot += 2) {
    const distance = (places[slot]! - x) ** 2 + (places[slot + 1]! - y) ** 2;
    if (distance < bestDistance) [best, bestDistance] = [slot, distance];
  }
  return best;
}

/** Points sorted into square cells, column by column. */
interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Indices of points, cell after cell. */
  readonly order: Uint32Array;
  /** Per cell, where it starts in `order`; one more for the end. */
  readonly starts: Uint32Array;
  columnOf(x: number): number;
  rowOf(y: number): number;
}

/** @param size of a cell: no point farther away than this is needed */
function sortIntoCells(points: Points, size: number): Cells {
  let [left, right, bottom, top] = [points[0]!, points[0]!, points[1]!, points[1]!];
  for (let p = 2; p < points.length; p += 2) {
    left = Math.min(left, points[p]!);
    right = Math.max(right, points[p]!);
    bottom = Math.min(bottom, points[p + 1]!);
    top = Math.max(top, points[p + 1]!);
  }
  const columnOf = (x: number): number => Math.floor((x - left) / size);
  const rowOf = (y: number): number => Math.floor((y - bottom) / size);
  const [columns, rows] = [columnOf(right) + 1, rowOf(top) + 1];
  const cellOf = (i: number): number => columnOf(points[2 * i]!) * rows + rowOf(points[2 * i + 1]!);
  const count = pointCount(points);
  const starts = new Uint32Array(columns * rows + 1);
  for (let i = 0; i < count; i++) starts[cellOf(i) + 1]! += 1;
  for (let cell = 0; cell < columns * rows; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const cell = cellOf(i);
    order[next[cell]!] = i;
    next[cell]! += 1;
  }
  return { columns, rows, order, starts, columnOf, rowOf };
}
