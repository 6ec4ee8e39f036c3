/** What the pair shows, when that is not what the settings ask for any more. */
import type { ReactNode } from 'react';
import { isOutdated } from '../../state/live.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { modelOfSide, stepsOf } from '../../state/side-models.ts';
import type { StudioState } from '../../state/studio.ts';
import { stepsCountText } from '../../words/setting-words.ts';
import { useStudio } from '../studio-context.tsx';

/** What a side's picture was drawn with and the settings have otherwise; '' where they agree. */
function otherwise(state: StudioState, side: SideName): string {
  const { request } = state.sides[side];
  if (request === null || !isOutdated(state, side)) return '';
  const { prompt, seed, sides } = state.settings;
  const model = modelOfSide(state, side);
  const steps = stepsOf(sides[side], model);
  const shownModel = state.engine.models.find(({ id }) => id === request.model);
  const parts = [
    request.prompt === prompt ? '' : `“${request.prompt.trim()}”`,
    request.seed === seed ? '' : `seed ${request.seed}`,
    request.model === model?.id ? '' : (shownModel?.title ?? request.model),
    request.stepCount === steps ? '' : stepsCountText(request.stepCount),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'other settings' : parts.join(', ');
}

/** One sentence for both sides where they say the same. */
function shownText(state: StudioState): string {
  if (state.run !== null) return '';
  const [a, b] = sideNames.map((side) => otherwise(state, side));
  if (!a && !b) return '';
  if (a === b) return `Still shown: ${a}`;
  return `Still shown: ${[a && `A ${a}`, b && `B ${b}`].filter(Boolean).join('; ')}`;
}

export function ShownRequest(): ReactNode {
  const text = useStudio(shownText);
  return text === '' ? null : <span className="shown-request">{text}</span>;
}
