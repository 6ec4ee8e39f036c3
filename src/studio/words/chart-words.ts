/** The trajectory's plots in words. */
import { type SideRun, sideNames } from '../state/side.ts';
import type { Sides } from '../state/trajectory.ts';
import { type Chart, isEmptyChart, type PlotKind } from '../state/trajectory-chart.ts';
import { straightnessText } from './measures.ts';

export const plotNames: Readonly<Record<PlotKind, string>> = {
  deviation: 'Deviation',
  latents: 'Latents',
  pixels: 'Pixels',
};

/** What the value axis counts, for titles of exported charts and the table. */
export const quantityTexts: Readonly<Record<PlotKind, string>> = {
  deviation: 'Deviation from the straight path per evaluation, ‖(Z₁ − Z₀) − v‖² / ‖Z₁ − Z₀‖²',
  latents: 'Chosen latent values along the path; dotted: the straight chord from Z₀ to Z₁',
  pixels: 'Brightness (0 to 255) of chosen pixels of the predicted end points; dotted: the picture’s',
};

/** 'S = 0.018', 'S = 0 by definition' of one step, 'S ≈ 0.02 so far' of a run under way; '' before the first step. */
export function straightnessOf(side: SideRun): string {
  const straightness = side.steps.at(-1)?.straightness;
  if (straightness === undefined) return '';
  if (side.status === 'running') return `S ≈ ${straightnessText(straightness.mean)} so far`;
  if (side.status !== 'done') return '';
  if (side.steps.length === 1) return 'S = 0 by definition';
  return `S = ${straightnessText(straightness.mean)}`;
}

/** A number with three digits that carry, for axes, legends and tables. */
export function chartNumber({ plot }: Pick<Chart, 'plot'>, value: number): string {
  if (plot === 'pixels') return value.toFixed(0);
  if (plot === 'deviation') return straightnessText(value);
  return value.toFixed(2).replace('-', '−');
}

/** For those who don't see the chart; the numbers are in its table. */
export function chartDescription(chart: Chart, sides: Sides): string {
  const name = plotNames[chart.plot];
  if (isEmptyChart(chart)) return `${name}: nothing measured yet`;
  const measured = sideNames.flatMap((side) => {
    const text = straightnessOf(sides[side]);
    return text === '' ? [] : [`side ${side.toUpperCase()} ${text}`];
  });
  return [`${name} against time`, ...measured].join(', ');
}
