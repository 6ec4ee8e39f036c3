/** The axis that both trajectories share: how many frames it has, where the playhead is, and what time that is. Pure. */
import type { DrawnState } from './drawn-state.ts';
import type { Playhead } from './playhead.ts';
import { type SideName, sideNames } from './side.ts';
import { modelOfSide, stepsOf } from './side-models.ts';
import { frameAtShare, lastFrame, pathTimes } from './trajectory.ts';

type Known = DrawnState & { readonly playhead: Playhead };

/** N of a side's strips: of its draw, else of what it would draw, so that empty strips have their cells. */
export function lastOfSide(state: DrawnState, side: SideName): number {
  const drawn = lastFrame(state.sides[side]);
  if (drawn > 0) return drawn;
  const wanted = stepsOf(state.settings.sides[side], modelOfSide(state, side));
  return Number.isInteger(wanted) && wanted > 0 ? wanted : 1;
}

/** The side with more frames, which the playhead steps through. */
export function leadingSide(state: DrawnState): SideName {
  return lastOfSide(state, 'a') > lastOfSide(state, 'b') ? 'a' : 'b';
}

/** N of the axis. */
export function lastOfTimeline(state: DrawnState): number {
  return lastOfSide(state, leadingSide(state));
}

/** Whether there is a trajectory to go through: a finished side, and nothing under way. */
export function canPlay({ run, sides }: DrawnState): boolean {
  return run === null && sideNames.some((name) => sides[name].status === 'done');
}

/** Where the playhead stands, 0 to N; until a run is finished it follows it. */
export function timelineIndex(state: Known): number {
  const last = lastOfTimeline(state);
  const index = canPlay(state)
    ? (state.playhead.index ?? last)
    : state.sides[leadingSide(state)].steps.length;
  return Math.min(index, last);
}

/** Path time of the leading side when it has gone `share` (0 to 1) of the way. */
function timeAtShare(state: DrawnState, share: number): number {
  const leader = state.sides[leadingSide(state)];
  return pathTimes(leader)[frameAtShare(share, lastOfTimeline(state), 'endpoint')] ?? share;
}

/** Path time of the playhead. */
export function playheadTime(state: Known): number {
  return timeAtShare(state, timelineIndex(state) / lastOfTimeline(state));
}

/** Where values are read: under the pointer, else at the playhead. */
export function timeRead(state: Known): number {
  const { peek } = state.playhead;
  return peek === null ? playheadTime(state) : timeAtShare(state, peek.share);
}

/** The place under the pointer that a side's strips are linked with, 0 to 1; null where there is none. */
export function pointedShare({ playhead: { peek } }: Pick<Known, 'playhead'>, side: SideName): number | null {
  return peek !== null && (peek.side === null || peek.side === side) ? peek.share : null;
}
