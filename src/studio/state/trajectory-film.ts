/** A trajectory as a film: both sides in step, one frame a place of the playhead. Pure. */
import type { Picture } from '../../worker/protocol.ts';
import type { Playhead, TrajectoryView } from './playhead.ts';
import { type SideName, sideNames } from './side.ts';
import {
  type FrameName,
  frameAtShare,
  frameLatents,
  frameOf,
  lastFrame,
  lastFrameOf,
  pathTimes,
  type Sides,
} from './trajectory.ts';

export interface FilmFrame {
  /** Path time. */
  readonly t: number;
  /** null where a side has nothing. */
  readonly pictures: Readonly<Record<SideName, Picture | null>>;
}

/** The frames of the view that the playhead shows; what isn't decoded is null. */
export function filmFrames(sides: Sides, { view }: Pick<Playhead, 'view'>): FilmFrame[] {
  const last = lastFrameOf(sides);
  const leader = lastFrame(sides.a) > lastFrame(sides.b) ? sides.a : sides.b;
  const times = pathTimes(leader);
  return Array.from({ length: last + 1 }, (_, i) => ({
    t: times[i] ?? i / Math.max(last, 1),
    pictures: {
      a: filmPicture(sides, 'a', view, i / Math.max(last, 1)),
      b: filmPicture(sides, 'b', view, i / Math.max(last, 1)),
    },
  }));
}

function filmPicture(sides: Sides, name: SideName, view: TrajectoryView, share: number): Picture | null {
  const side = sides[name];
  return side.status === 'done' ? frameOf(side, view, frameAtShare(share, lastFrame(side), view)) : null;
}

/** What a film still lacks, of either side. */
export function filmGaps(
  sides: Sides,
  { view }: Pick<Playhead, 'view'>,
): { readonly side: SideName; readonly frame: FrameName }[] {
  const last = lastFrameOf(sides);
  return sideNames.flatMap((name) => {
    const side = sides[name];
    if (side.status !== 'done') return [];
    const indices = new Set(
      Array.from({ length: last + 1 }, (_, i) => frameAtShare(i / Math.max(last, 1), lastFrame(side), view)),
    );
    return [...indices].flatMap((index) => {
      const frame = { view, index };
      const missing = frameOf(side, view, index) === null && frameLatents(side, frame) !== null;
      return missing ? [{ side: name, frame }] : [];
    });
  });
}
