/** What a screen reader is told, politely: a function of the state, so that it says each thing once. */
import { compareTimes } from '../state/comparison.ts';
import type { SideRun } from '../state/side.ts';
import type { StudioState } from '../state/studio.ts';
import { errorWords } from './error-words.ts';
import { ratioText, secondsText } from './measures.ts';

const drawnIn = (name: string, side: SideRun): string =>
  side.result === null ? '' : `Side ${name} drawn in ${secondsText(side.result.timings.totalMs)} seconds.`;

/** Quarters of a long run, not every step. */
function progressOf(name: string, side: SideRun): string {
  const count = side.request?.stepCount ?? 1;
  const quarter = Math.floor((4 * side.steps.length) / count);
  if (count < 8 || quarter < 1 || quarter > 3)
    return `Drawing side ${name}, ${count === 1 ? 'one step' : `${count} steps`}.`;
  return `Side ${name}, step ${Math.ceil((quarter * count) / 4)} of ${count}.`;
}

export function announcement({ run, sides: { a, b }, engine }: StudioState): string {
  if (run !== null) {
    if (engine.status === 'starting') return 'Starting the engine.';
    if (a.status === 'running') return progressOf('A', a);
    if (b.status === 'running') return `${drawnIn('A', a)} ${progressOf('B', b)}`.trim();
  }
  const failed = [a, b].flatMap((side, i) =>
    side.error === null
      ? []
      : [`Side ${i === 0 ? 'A' : 'B'} was not drawn: ${errorWords(side.error).title}.`],
  );
  if (failed.length > 0) return failed.join(' ');
  if (a.stopped || b.stopped) return 'Drawing cancelled.';
  const comparison = compareTimes(a, b);
  const ratio =
    comparison.kind === 'ratio'
      ? `Side ${comparison.faster.toUpperCase()} is ${ratioText(comparison.factor).replace('×', ' times')} faster.`
      : '';
  return [drawnIn('A', a), drawnIn('B', b), ratio].filter((part) => part !== '').join(' ');
}
