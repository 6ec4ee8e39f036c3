/** Which picture a side's square shows: the finished one, a preview while drawing, a frame of the trajectory. */
import type { Picture } from '../../worker/protocol.ts';
import type { Playhead, TrajectoryView } from './playhead.ts';
import { latestPicture, type SideName, type SideRun } from './side.ts';

export interface ShownPicture {
  readonly picture: Picture | null;
  /** 'final' carries no overlay; the others say what they are. 'stale' is dimmed. */
  readonly kind: 'final' | 'noise' | 'path' | 'endpoint' | 'stale' | 'empty';
  /** Index of the frame, 0 = noise to N. */
  readonly index: number;
}

/** A frame of a side's trajectory: z_t after `index` steps, or the end point predicted from there. */
export function frameOf(side: SideRun, view: TrajectoryView, index: number): Picture | null {
  const last = side.request?.stepCount ?? 0;
  if (index >= last) return side.result?.picture ?? null;
  if (view === 'endpoint') return side.steps[index]?.endpointPicture ?? null;
  return index === 0 ? side.noise : (side.steps[index - 1]?.latentsPicture ?? null);
}

function shownWhileUnfinished(side: SideRun): ShownPicture {
  const picture = latestPicture(side);
  const index = side.steps.length;
  if (picture === null) return { picture, kind: 'empty', index: 0 };
  if (side.status !== 'running' || picture === side.previous) return { picture, kind: 'stale', index };
  // A side that is queued keeps its old result until its request arrives: dimmed, it isn't what is being drawn.
  if (picture === side.result?.picture) return { picture, kind: 'stale', index };
  return { picture, kind: index === 0 ? 'noise' : 'endpoint', index };
}

export function shownPicture(
  side: SideRun,
  name: SideName,
  playhead: Playhead,
  lastOfB: number,
): ShownPicture {
  if (side.status !== 'done' || side.result === null) return shownWhileUnfinished(side);
  const last = side.request?.stepCount ?? 1;
  const final: ShownPicture = { picture: side.result.picture, kind: 'final', index: last };
  const { peek } = playhead;
  const view = peek?.side === name ? peek.view : playhead.view;
  let index = playhead.index ?? lastOfB;
  // A has two frames only: noise at t = 0, and the picture, which is its end point from the start.
  if (name === 'a') index = index === 0 && lastOfB > 0 && playhead.index !== null ? 0 : last;
  if (peek?.side === name) index = peek.index;
  if (name === 'a' && view === 'endpoint') index = last;
  if (index >= last) return final;
  const picture = frameOf(side, view, index);
  if (picture === null) return final;
  return { picture, kind: view === 'endpoint' ? 'endpoint' : index === 0 ? 'noise' : 'path', index };
}
