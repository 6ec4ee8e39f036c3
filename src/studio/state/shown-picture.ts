/** Which picture a side's square shows: the finished one, a preview while drawing, a frame of the trajectory. */
import type { Picture } from '../../worker/protocol.ts';
import type { Playhead } from './playhead.ts';
import { latestPicture, type SideName, type SideRun } from './side.ts';
import { frameAtShare, frameOf, lastFrame, placeShown } from './trajectory.ts';

export interface ShownPicture {
  readonly picture: Picture | null;
  /** 'final' carries no overlay; the others say what they are. 'stale' is dimmed. */
  readonly kind: 'final' | 'noise' | 'path' | 'endpoint' | 'stale' | 'empty';
  /** Index of the frame, 0 = noise to N. */
  readonly index: number;
}

function shownWhileUnfinished(side: SideRun): ShownPicture {
  const picture = latestPicture(side);
  // Of the latest end point that was decoded: not every step's is while the run goes on.
  const index = 1 + side.steps.findLastIndex(({ endpointPicture }) => endpointPicture !== undefined);
  if (picture === null) return { picture, kind: 'empty', index: 0 };
  if (side.status !== 'running' || picture === side.previous) return { picture, kind: 'stale', index };
  // A side that is queued keeps its old result until its request arrives: dimmed, it isn't what is being drawn.
  if (picture === side.result?.picture) return { picture, kind: 'stale', index };
  return { picture, kind: index === 0 ? 'noise' : 'endpoint', index };
}

/** @param lastOfBoth N of the playhead, `lastFrameOf` both sides */
export function shownPicture(
  side: SideRun,
  name: SideName,
  playhead: Playhead,
  lastOfBoth: number,
): ShownPicture {
  if (side.status !== 'done' || side.result === null) return shownWhileUnfinished(side);
  const last = lastFrame(side);
  const final: ShownPicture = { picture: side.result.picture, kind: 'final', index: last };
  const { view, share } = placeShown(playhead, name, lastOfBoth);
  const index = frameAtShare(share, last, view);
  // A flow of one step predicts its picture from the start.
  if (index >= last || (view === 'endpoint' && last === 1)) return final;
  const picture = frameOf(side, view, index);
  // Not decoded yet: the picture stays.
  if (picture === null) return final;
  return { picture, kind: view === 'endpoint' ? 'endpoint' : index === 0 ? 'noise' : 'path', index };
}
