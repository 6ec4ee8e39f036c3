/** A row of frames whose centres sit at i/N of the way; frames to come are empty cells, so that nothing reflows. */
import { memo, type ReactNode } from 'react';
import type { Picture } from '../../../worker/protocol.ts';
import { framesShown } from '../../plots/strip-layout.ts';
import type { TrajectoryView } from '../../state/playhead.ts';
import type { SideName, SideRun } from '../../state/side.ts';
import { frameAtShare, frameOf } from '../../state/trajectory.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';

interface FilmStripProps {
  readonly side: SideName;
  readonly view: TrajectoryView;
  readonly run: SideRun;
  /** N of this strip. */
  readonly last: number;
  /** Width of the strip and side of a frame, CSS pixels. */
  readonly width: number;
  readonly frame: number;
  /** The place under the pointer that this strip is linked with, 0 to 1. */
  readonly pointedAt: number | null;
  readonly children?: ReactNode;
}

interface StripFrameProps {
  readonly picture: Picture | null;
  /** Of the way, 0 to 1. */
  readonly share: number;
  readonly frame: number;
  readonly pointed: boolean;
}

/** A step adds one frame; the others are not drawn again. */
const StripFrame = memo(function StripFrame({ picture, share, frame, pointed }: StripFrameProps): ReactNode {
  return (
    <span
      className="strip-frame"
      style={{ insetInlineStart: `calc((100% - ${frame}px) * ${share})` }}
      data-todo={picture === null}
      data-pointed={pointed}
    >
      {picture !== null && <PictureCanvas picture={picture} label="" className="frame-picture" />}
    </span>
  );
});

export function FilmStrip(props: FilmStripProps): ReactNode {
  const { side, view, run, last, width, frame, pointedAt, children } = props;
  // A run under way shows what has arrived; an old result belongs to another request then.
  const finished = run.status === 'running' ? { ...run, result: null } : run;
  const pointed = pointedAt === null ? null : frameAtShare(pointedAt, last, view);
  return (
    <div className="strip" data-strip={side} data-view={view} data-last={last}>
      {children}
      {(width === 0 ? [] : framesShown(last, width, frame)).map((i) => (
        <StripFrame
          key={i}
          picture={frameOf(finished, view, i)}
          share={last === 0 ? 0 : i / last}
          frame={frame}
          pointed={i === pointed}
        />
      ))}
    </div>
  );
}
