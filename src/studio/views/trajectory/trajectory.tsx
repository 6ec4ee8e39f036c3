/** The dock: both trajectories on one axis of time, with one playhead. What moves with a run is drawn by itself. */
import { Pause, Play } from 'lucide-react';
import { type CSSProperties, type ReactNode, useRef } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { frameSizeFor } from '../../plots/strip-layout.ts';
import type { TrajectoryView } from '../../state/playhead.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import type { StudioState } from '../../state/studio.ts';
import {
  canPlay,
  lastOfSide,
  lastOfTimeline,
  leadingSide,
  playheadTime,
  pointedShare,
  timelineIndex,
} from '../../state/timeline.ts';
import { pathTimeText } from '../../words/measures.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';
import { useElementWidth } from './element-width.ts';
import { LatentName } from './latent-name.tsx';
import { LazyPlot } from './lazy-plot.tsx';
import { SaveGif } from './save-gif.tsx';
import { Scrubber } from './scrubber.tsx';
import { SideStrips } from './side-strips.tsx';

function ViewChoice(): ReactNode {
  const view = useStudio((state) => state.playhead.view);
  const { chooseView } = useActions();
  return (
    <RadioGroup
      className="segmented"
      orientation="horizontal"
      value={view}
      onChange={(value) => chooseView(value as TrajectoryView)}
    >
      <Label className="quiet">Pictures show</Label>
      <div className="segments">
        <Radio value="path">
          Path <LatentName at="t" />
        </Radio>
        <Radio value="endpoint">End point</Radio>
      </div>
    </RadioGroup>
  );
}

function PlayButton(): ReactNode {
  const playing = useStudio((state) => state.playhead.playing);
  const playable = useStudio(canPlay);
  const { togglePlayback } = useActions();
  return (
    <IconButton
      icon={playing ? Pause : Play}
      label={playing ? 'Pause' : 'Play'}
      hint={playing ? 'Pause (Space)' : 'Play from noise to picture (Space)'}
      isDisabled={!playable}
      onPress={togglePlayback}
    />
  );
}

/** '0.52, step 13 of 25 of B': the side is named where both have steps. */
function placeText(state: StudioState): string {
  const both = sideNames.every((side) => lastOfSide(state, side) > 1);
  const steps = `step ${timelineIndex(state)} of ${lastOfTimeline(state)}`;
  const ofSide = both ? ` of ${leadingSide(state).toUpperCase()}` : '';
  return `${pathTimeText(playheadTime(state))}, ${steps}${ofSide}`;
}

function PlayheadPlace(): ReactNode {
  const text = useStudio(placeText);
  return (
    <span className="quiet numbers">
      <i className="math">t</i> = {text}
    </span>
  );
}

function DockHead(): ReactNode {
  return (
    <div className="dock-head">
      <h2>Trajectory</h2>
      <PlayButton />
      <SaveGif />
      <PlayheadPlace />
      <ViewChoice />
    </div>
  );
}

function Strips({ side, width, frame }: { side: SideName; width: number; frame: number }): ReactNode {
  const run = useStudio((state) => state.sides[side]);
  const last = useStudio((state) => lastOfSide(state, side));
  const pointedAt = useStudio((state) => pointedShare(state, side));
  return <SideStrips side={side} run={run} last={last} width={width} frame={frame} pointedAt={pointedAt} />;
}

function PointedLine(): ReactNode {
  const share = useStudio((state) => state.playhead.peek?.share ?? null);
  if (share === null) return null;
  return <span className="pointed-line" style={{ '--share': share } as CSSProperties} />;
}

export function Trajectory(): ReactNode {
  const last = useStudio(lastOfTimeline);
  const strips = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const width = useElementWidth(strips);
  const labelWidth = useElementWidth(track) - width;
  const frame = frameSizeFor(width, last);
  return (
    <section className="dock" aria-label="Trajectory">
      <DockHead />
      <div ref={track} className="track" style={{ '--frame-size': `${frame}px` } as CSSProperties}>
        <div ref={strips} className="track-width" />
        {sideNames.map((side) => (
          <Strips key={side} side={side} width={width} frame={frame} />
        ))}
        <LazyPlot width={width} frame={frame} labelWidth={labelWidth} />
        <PointedLine />
        <Scrubber last={last} frame={frame} />
      </div>
    </section>
  );
}
