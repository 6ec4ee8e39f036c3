/** Differences as colours, dark for none to pale for the largest; lightness rises evenly, so that it reads as amount. */
import type { Picture } from '../../worker/protocol.ts';

type Rgb = readonly [number, number, number];

/** Equal steps of the scale. */
const stops: readonly Rgb[] = [
  [8, 6, 24],
  [58, 17, 92],
  [128, 34, 104],
  [196, 62, 78],
  [240, 124, 46],
  [253, 198, 94],
  [255, 250, 214],
];

/** Ends of scales that read well. */
const scaleEnds = [0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1];

/** The scale's end for a largest difference: the next round number. */
export function scaleEnd(largest: number): number {
  return scaleEnds.find((end) => end >= largest) ?? 1;
}

/** @param share of the scale, 0 to 1 */
export function heatColour(share: number): Rgb {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  const [from, to] = [stops[i]!, stops[i + 1]!];
  const mixed = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (at - i) * (to[channel] - from[channel]));
  return [mixed(0), mixed(1), mixed(2)];
}

/** The ramp as CSS has it, left to right. */
export const heatGradient = `linear-gradient(to right, ${stops.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;

/** @param values one a pixel, 0 to `end` */
export function heatPicture(
  { width, height, values }: { width: number; height: number; values: Float32Array },
  end: number,
): Picture {
  // 256 colours are more than an eye tells apart, and a lookup is quick.
  const table = Array.from({ length: 256 }, (_, i) => heatColour(i / 255));
  const rgba = new Uint8ClampedArray(4 * values.length);
  for (const [i, value] of values.entries()) {
    const [red, green, blue] = table[Math.min(Math.round((255 * value) / end), 255)]!;
    rgba.set([red, green, blue, 255], 4 * i);
  }
  return { width, height, rgba };
}
