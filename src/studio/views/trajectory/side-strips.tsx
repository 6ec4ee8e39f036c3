/** Both filmstrips of a side: z_t, and the end points predicted from there; one step is one chord instead. */
import type { ReactNode } from 'react';
import type { TrajectoryView } from '../../state/playhead.ts';
import type { SideName, SideRun } from '../../state/side.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { FilmStrip } from './film-strip.tsx';
import { LatentName } from './latent-name.tsx';

interface SideStripsProps {
  readonly side: SideName;
  readonly run: SideRun;
  /** N of the side. */
  readonly last: number;
  readonly width: number;
  readonly frame: number;
  readonly pointedAt: number | null;
}

export function SideStrips({ side, last, ...rest }: SideStripsProps): ReactNode {
  const strip = { side, last, ...rest };
  if (last <= 1) {
    return (
      <>
        <StripLabel side={side} view="path" />
        <FilmStrip {...strip} view="path">
          <span className="chord">
            <span>
              one evaluation, <LatentName at="1" /> = <LatentName at="0" /> + <i className="math">v</i>(
              <LatentName at="0" />, 0)
            </span>
          </span>
        </FilmStrip>
      </>
    );
  }
  return (
    <>
      <StripLabel side={side} view="path" />
      <FilmStrip {...strip} view="path" />
      <StripLabel side={side} view="endpoint" />
      <FilmStrip {...strip} view="endpoint" />
    </>
  );
}

function StripLabel({ side, view }: { side: SideName; view: TrajectoryView }): ReactNode {
  return (
    <span className="strip-label">
      <SideBadge side={side} />
      <span className="visually-hidden">Side {side.toUpperCase()},</span>
      {view === 'path' ? <LatentName at="t" /> : 'end point'}
    </span>
  );
}
