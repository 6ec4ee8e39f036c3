/** Live mode: the one-step side follows the settings; the other keeps what it shows until it is drawn. */
import { planSide, requestKey } from './draw-plan.ts';
import type { ChosenState, DrawnState } from './drawn-state.ts';
import { otherSide, type SideName } from './side.ts';
import { modelOfSide, stepsOf } from './side-models.ts';

export interface LiveState {
  readonly on: boolean;
  /** Between the latest two live pictures, ms; null before there were two in a row. */
  readonly paceMs: number | null;
}

export const liveOff: LiveState = { on: false, paceMs: null };

/** The side that draws in one step, A first; null when neither does. */
export function oneStepSide(state: ChosenState): SideName | null {
  const inOneStep = (side: SideName): boolean => {
    const model = modelOfSide(state, side);
    return model !== null && stepsOf(state.settings.sides[side], model) === 1;
  };
  return inOneStep('a') ? 'a' : inOneStep('b') ? 'b' : null;
}

/** Whether a side's picture isn't what the settings ask for. */
export function isOutdated(state: DrawnState, side: SideName): boolean {
  const { request } = state.sides[side];
  const model = modelOfSide(state, side);
  if (request === null || model === null) return false;
  return requestKey(request) !== requestKey(planSide(state.settings, side, model));
}

/** Whether live mode has gone on from what a side shows. */
export function isLeftBehind(state: DrawnState & { readonly live: LiveState }, side: SideName): boolean {
  if (!state.live.on || state.run !== null || oneStepSide(state) !== otherSide(side)) return false;
  return isOutdated(state, side);
}
