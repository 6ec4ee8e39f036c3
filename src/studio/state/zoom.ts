/** Zoom and pan of a picture in its square, in shares of the square: the same for both sides whatever their pixels. */

export interface Zoom {
  /** 1 = the whole picture. */
  readonly scale: number;
  /** Where the picture's left and top edge lie, in widths and heights of the square: 1 - scale to 0. */
  readonly x: number;
  readonly y: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export const wholePicture: Zoom = { scale: 1, x: 0, y: 0 };
export const closestScale = 16;
const centre: Place = { x: 0.5, y: 0.5 };

/** The picture covers its square: no edge comes inside. */
function covering({ scale, x, y }: Zoom): Zoom {
  const inside = (edge: number): number => Math.min(Math.max(edge, 1 - scale), 0);
  return { scale, x: inside(x), y: inside(y) };
}

/** Closer by a factor (or further, below 1), so that what lies under `place` stays there. */
export function zoomAt(zoom: Zoom, factor: number, place: Place = centre): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), closestScale);
  const ratio = scale / zoom.scale;
  const edge = (at: number, from: number): number => at - (at - from) * ratio;
  return covering({ scale, x: edge(place.x, zoom.x), y: edge(place.y, zoom.y) });
}

/** @param by shares of the square */
export function panBy(zoom: Zoom, by: Place): Zoom {
  return covering({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y });
}

/** The picture's place that is seen at a place of the square. */
export function placeInPicture({ scale, x, y }: Zoom, seen: Place): Place {
  return { x: (seen.x - x) / scale, y: (seen.y - y) / scale };
}

/** A zoom with a place of the picture in its middle, as far as the picture reaches. */
export function zoomOnto(place: Place, scale: number): Zoom {
  return covering({ scale, x: 0.5 - place.x * scale, y: 0.5 - place.y * scale });
}

/** As CSS has it, with the origin in the upper left corner. */
export const transformOf = ({ scale, x, y }: Zoom): string =>
  `translate(${100 * x}%, ${100 * y}%) scale(${scale})`;
