/** The plane [-3.3, 3.3]² on a square of pixels, y upwards. */
export const planeReach = 3.3;

export interface Plane {
  /** Side of the square, in pixels. */
  readonly size: number;
}

export const pixelX = ({ size }: Plane, x: number): number => ((x / planeReach + 1) / 2) * size;
export const pixelY = ({ size }: Plane, y: number): number => ((1 - y / planeReach) / 2) * size;

/** The plane's place under a pixel. */
export function planeAt({ size }: Plane, left: number, top: number): { x: number; y: number } {
  return { x: planeReach * ((2 * left) / size - 1), y: planeReach * (1 - (2 * top) / size) };
}
