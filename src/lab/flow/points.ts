/** Points in the plane: x0, y0, x1, y1, ... float32, in about [-3, 3]. */
export type Points = Float32Array;

export const pointCount = (points: Points): number => points.length >> 1;

/** The first `count` points, sharing memory. */
export const firstPoints = (points: Points, count: number): Points => points.subarray(0, 2 * count);

/** A point as a distribution draws it. */
export interface OrderedPoint {
  readonly x: number;
  readonly y: number;
  /** Where along the distribution's shape, in [0, 1]. */
  readonly order: number;
}
