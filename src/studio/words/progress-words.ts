/** What a side is doing, and how long it may take. */
import type { SideRun } from '../state/side.ts';
import { bytesText } from './measures.ts';

/** 'step 11 of 25': of the evaluation that is done last, or under way first. */
export function stepText(side: SideRun): string {
  const count = side.request?.stepCount ?? 1;
  return `step ${Math.min(Math.max(side.steps.length, 1), count)} of ${count}`;
}

/** The stage under way, in words. */
export function stageText(side: SideRun): string {
  switch (side.stage) {
    case 'queued':
      return 'Waiting';
    case 'starting':
      return 'Starting';
    case 'loading': {
      if (side.loading === null) return 'Loading';
      const { part, loadedBytes, totalBytes } = side.loading;
      return `Loading ${part}, ${bytesText(loadedBytes)} of ${bytesText(totalBytes)}`;
    }
    case 'text':
      return 'Reading the prompt';
    case 'steps':
      return side.request?.stepCount === 1
        ? 'One evaluation'
        : `${stepText(side)[0]?.toUpperCase()}${stepText(side).slice(1)}`;
    case 'decode':
      return 'Decoding';
  }
}

/** Mean wall-clock time of a step so far, ms; null before the first. */
export function stepPaceMs(side: SideRun): number | null {
  if (side.steppingSinceMs === null || side.lastStepAtMs === null || side.steps.length === 0) return null;
  return (side.lastStepAtMs - side.steppingSinceMs) / side.steps.length;
}

/** Estimated time to the last step, ms; null while nothing was measured. */
export function remainingMs(side: SideRun, nowMs: number): number | null {
  const pace = stepPaceMs(side);
  if (pace === null || side.lastStepAtMs === null || side.request === null) return null;
  const left = (side.request.stepCount - side.steps.length) * pace;
  return Math.max(left - (nowMs - side.lastStepAtMs), 0);
}
