/** Colours of a panel, resolved for a canvas: it knows neither custom properties nor light-dark(). */
import { hues } from './scene.ts';

export interface Palette {
  readonly background: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly cross: string;
  /** By direction of the start. */
  readonly starts: readonly string[];
}

/** @param host of a probe, for a moment @param theme whose colours are wanted, whatever the page's is by now */
export function readPalette(host: HTMLElement, theme: 'light' | 'dark'): Palette {
  const probe = document.createElement('span');
  probe.style.colorScheme = theme;
  host.append(probe);
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  // As #rrggbb, which every viewer of an exported SVG knows; the tokens are in OKLCH.
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    const { color } = getComputedStyle(probe);
    if (context === null) return color;
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  };
  const palette = {
    background: resolve('--stage'),
    ink: resolve('--ink'),
    quiet: resolve('--ink-3'),
    line: resolve('--line'),
    cross: resolve('--a'),
    starts: Array.from({ length: hues }, (_, hue) => resolve(`--start-${hue}`)),
  };
  probe.remove();
  return palette;
}
