/** The dock: both trajectories on one axis of time, with one playhead. */
import { Pause, Play } from 'lucide-react';
import { type CSSProperties, type ReactNode, useRef } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { frameSizeFor } from '../../plots/strip-layout.ts';
import type { TrajectoryView } from '../../state/playhead.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { modelOfSide, stepsOf } from '../../state/side-models.ts';
import type { StudioState } from '../../state/studio.ts';
import { frameAtShare, lastFrame, pathTimes } from '../../state/trajectory.ts';
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

/** N of a side's strips: of its draw, else of what it would draw, so that empty strips have their cells. */
function lastOfSide(state: StudioState, side: SideName): number {
  const drawn = lastFrame(state.sides[side]);
  if (drawn > 0) return drawn;
  const wanted = stepsOf(state.settings.sides[side], modelOfSide(state, side));
  return Number.isInteger(wanted) && wanted > 0 ? wanted : 1;
}

export function Trajectory(): ReactNode {
  const a = useStudio((state) => state.sides.a);
  const b = useStudio((state) => state.sides.b);
  const lastOfA = useStudio((state) => lastOfSide(state, 'a'));
  const lastOfB = useStudio((state) => lastOfSide(state, 'b'));
  const playhead = useStudio((state) => state.playhead);
  const drawing = useStudio((state) => state.run !== null);
  const { togglePlayback } = useActions();
  const strips = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const width = useElementWidth(strips);
  const labelWidth = useElementWidth(track) - width;
  const last = Math.max(lastOfA, lastOfB);
  const frame = frameSizeFor(width, last);
  const [leader, leading] = lastOfA > lastOfB ? [a, 'a'] : [b, 'b'];
  const done = !drawing && (a.status === 'done' || b.status === 'done');
  // Until a run is finished the playhead follows it.
  const index = done ? Math.min(playhead.index ?? last, last) : Math.min(leader.steps.length, last);
  const { peek } = playhead;
  const pointedAt = (side: SideName): number | null =>
    peek !== null && (peek.side === null || peek.side === side) ? peek.share : null;
  const sides = { a: { run: a, last: lastOfA }, b: { run: b, last: lastOfB } };
  const timeAt = (share: number): number => pathTimes(leader)[frameAtShare(share, last, 'endpoint')] ?? share;
  return (
    <section className="dock" aria-label="Trajectory">
      <div className="dock-head">
        <h2>Trajectory</h2>
        <IconButton
          icon={playhead.playing ? Pause : Play}
          label={playhead.playing ? 'Pause' : 'Play'}
          hint={playhead.playing ? 'Pause (Space)' : 'Play from noise to picture (Space)'}
          isDisabled={!done}
          onPress={togglePlayback}
        />
        <SaveGif isDisabled={!done} />
        <span className="quiet numbers">
          <i className="math">t</i> = {pathTimeText(timeAt(index / last))}, step {index} of {last}
          {lastOfA > 1 && lastOfB > 1 && ` of ${leading.toUpperCase()}`}
        </span>
        <ViewChoice />
      </div>
      <div ref={track} className="track" style={{ '--frame-size': `${frame}px` } as CSSProperties}>
        <div ref={strips} className="track-width" />
        {sideNames.map((side) => (
          <SideStrips
            key={side}
            side={side}
            {...sides[side]}
            width={width}
            frame={frame}
            pointedAt={pointedAt(side)}
          />
        ))}
        <LazyPlot
          width={width}
          frame={frame}
          labelWidth={labelWidth}
          t={timeAt(peek?.share ?? index / last)}
        />
        {peek !== null && (
          <span className="pointed-line" style={{ '--share': peek.share } as CSSProperties} />
        )}
        <Scrubber
          index={index}
          last={last}
          isDisabled={!done}
          isEmpty={a.start === null && b.start === null}
          frame={frame}
        />
      </div>
    </section>
  );
}
