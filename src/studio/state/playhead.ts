/** The one playhead that runs through filmstrips, plot and pictures. */
import type { SideName } from './side.ts';

/** What the playhead shows large on side B: the path's z_t, or the end point predicted there. */
export type TrajectoryView = 'path' | 'endpoint';

/** A frame under the pointer, shown large for as long as it is. */
export interface Peek {
  readonly side: SideName;
  readonly view: TrajectoryView;
  /** 0 to N. */
  readonly index: number;
}

export interface Playhead {
  /** 0 = noise to N = picture; null = at the end, wherever that is. */
  readonly index: number | null;
  readonly playing: boolean;
  readonly view: TrajectoryView;
  readonly peek: Peek | null;
}

export const restingPlayhead: Playhead = { index: null, playing: false, view: 'path', peek: null };

/** @param last N of the run on side B */
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
