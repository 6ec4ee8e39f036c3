/**
 * What the engine does while no draw is under way: the live picture first, then the sweep, then the strip of seeds.
 * A function of the state, so that the latest wishes win and nothing queues up.
 */
import type { DrawRequest } from '../../worker/protocol.ts';
import { planSide, requestKey } from './draw-plan.ts';
import { oneStepSide } from './live.ts';
import { stripIsWanted, stripPicture, stripRequest, stripSeeds } from './seed-strip.ts';
import { seedProblem } from './settings.ts';
import type { SideName } from './side.ts';
import { modelOfSide } from './side-models.ts';
import type { StudioState } from './studio.ts';
import { nextSweepCell } from './sweep.ts';

export type IdleJob =
  | { readonly kind: 'live'; readonly side: SideName; readonly request: DrawRequest }
  | { readonly kind: 'seed'; readonly request: DrawRequest }
  | { readonly kind: 'sweep'; readonly request: DrawRequest };

function liveJob(state: StudioState): IdleJob | null {
  const side = state.live.on ? oneStepSide(state) : null;
  const model = side === null ? null : modelOfSide(state, side);
  if (side === null || model === null || seedProblem(state.settings.seed) !== '') return null;
  const request = planSide(state.settings, side, model);
  const shown = state.sides[side];
  const isShown = shown.result !== null || shown.error !== null;
  if (isShown && shown.request !== null && requestKey(shown.request) === requestKey(request)) return null;
  return { kind: 'live', side, request };
}

function seedJob(state: StudioState): IdleJob | null {
  // Live mode wants the engine for itself, and would change the strip with every letter.
  if (state.live.on || !stripIsWanted(state)) return null;
  const missing = stripSeeds(state.settings.seed).find((seed) => stripPicture(state, seed) === null);
  const request = missing === undefined ? null : stripRequest(state, missing);
  return request === null ? null : { kind: 'seed', request };
}

function sweepJob(state: StudioState): IdleJob | null {
  const request = state.sweep.running ? nextSweepCell(state) : null;
  return request === null ? null : { kind: 'sweep', request };
}

export function nextIdleJob(state: StudioState): IdleJob | null {
  if (state.run !== null || state.engine.status !== 'ready') return null;
  return liveJob(state) ?? sweepJob(state) ?? seedJob(state);
}
