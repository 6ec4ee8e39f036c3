/** The sweep in words. */
import type { SideRun } from '../state/side.ts';
import { takesFixedSteps } from '../state/side-models.ts';
import type { SweepRow } from '../state/sweep.ts';
import { secondsText, straightnessText } from './measures.ts';
import { samplerText, stepsCountText } from './setting-words.ts';

/**
 * Under a model's name: how it is followed.
 * @param drawn a run of the row: it tells the sampler that a model left open took
 */
export function rowNote({ model, side, cells }: SweepRow, drawn?: SideRun): string {
  const scale = cells.find(({ request }) => request !== null)?.request?.guidanceScale ?? 1;
  const sampler = side.sampler ?? model.sampler ?? drawn?.result?.sampler;
  return [
    sampler === undefined ? '' : samplerText(sampler),
    model.guidance === null ? 'no guidance' : `guidance ${scale.toFixed(1)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Why cells of a row are empty; '' where none is. */
export function missingCellsText({ model, cells }: SweepRow): string {
  if (cells.every(({ request }) => request !== null)) return '';
  return takesFixedSteps(model)
    ? `Takes exactly ${stepsCountText(model.steps.minimum)}`
    : `Takes ${model.steps.minimum} to ${stepsCountText(model.steps.maximum)}`;
}

/** Column, from 0, where a row's cells end before the last one; null where they don't. */
export function firstMissingAtEnd({ cells }: SweepRow): number | null {
  const last = cells.findLastIndex(({ request }) => request !== null);
  return last === cells.length - 1 ? null : last + 1;
}

/** '0.14 s', 'cold' where loading or compiling is in it. */
export function cellTimeText({ result, error }: SideRun): string {
  if (error !== null) return 'Failed';
  if (result === null) return '';
  return `${secondsText(result.timings.totalMs)} s${result.cold ? ' cold' : ''}`;
}

/** Straightness of the row's longest path. */
export function rowStraightness(run: SideRun | undefined): string {
  const steps = run?.result?.deviations.length ?? 0;
  return steps > 1 && run?.result ? `S = ${straightnessText(run.result.straightness)}` : '';
}

export const similarityText = (similarity: number | null | undefined): string =>
  similarity == null ? '' : `SSIM ${similarity.toFixed(2)}`;
