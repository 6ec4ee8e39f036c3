/** The one playhead that runs through filmstrips, plot and pictures. */
import type { SideName } from './side.ts';

/** What the playhead shows large: the path's z_t, or the end point predicted there. */
export type TrajectoryView = 'path' | 'endpoint';

/** A place under the pointer, shown large for as long as it is. */
export interface Peek {
  /** null = both, in step. */
  readonly side: SideName | null;
  readonly view: TrajectoryView;
  /** Of the way from noise (0) to picture (1), in evaluations. */
  readonly share: number;
}

export interface Playhead {
  /** 0 = noise to N = picture; null = at the end, wherever that is. */
  readonly index: number | null;
  readonly playing: boolean;
  readonly view: TrajectoryView;
  readonly peek: Peek | null;
}

export const restingPlayhead: Playhead = { index: null, playing: false, view: 'path', peek: null };

/** @param last N of the side with more frames */
export function movePlayhead(playhead: Playhead, index: number, last: number): Playhead {
  const within = Math.min(Math.max(Math.round(index), 0), last);
  return { ...playhead, index: within === last ? null : within };
}

export function rewindToPlay(playhead: Playhead): Playhead {
  return { ...playhead, playing: true, peek: null, index: playhead.index ?? 0 };
}

/** One frame on; stops by itself at the picture. */
export function advancePlayhead(playhead: Playhead, last: number): Playhead {
  const moved = movePlayhead(playhead, (playhead.index ?? last) + 1, last);
  return moved.index === null ? { ...moved, playing: false } : moved;
}

export function restPlayhead(playhead: Playhead): Playhead {
  return { ...playhead, index: null, playing: false, peek: null };
}
