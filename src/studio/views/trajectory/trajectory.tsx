/** The dock: both trajectories on one time axis, with one playhead. */
import { Pause, Play } from 'lucide-react';
import { type CSSProperties, type ReactNode, useRef } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { frameSizeFor } from '../../plots/strip-layout.ts';
import type { TrajectoryView } from '../../state/playhead.ts';
import { modelOfSide, stepsOf } from '../../state/side-models.ts';
import { lastIndex } from '../../state/studio.ts';
import { pathTimeText } from '../../words/measures.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { useActions, useStudio } from '../studio-context.tsx';
import { DeviationPlot } from './deviation-plot.tsx';
import { useElementWidth } from './element-width.ts';
import { FilmStrip } from './film-strip.tsx';
import { Scrubber } from './scrubber.tsx';

/** A latent at a time, as the paper writes it. */
function Latent({ at }: { at: string }): ReactNode {
  return (
    <i className="math">
      z<sub>{at}</sub>
    </i>
  );
}

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
      <Label className="quiet">
        <SideBadge side="b" />
        <span>
          <span className="visually-hidden">Side B </span>shows
        </span>
      </Label>
      <div className="segments">
        <Radio value="path">
          Path <Latent at="t" />
        </Radio>
        <Radio value="endpoint">End point</Radio>
      </div>
    </RadioGroup>
  );
}

const timeTicks = [0, 0.2, 0.4, 0.6, 0.8, 1];
const tickText = (t: number): string => (t === 0 ? '0 noise' : t === 1 ? '1 picture' : String(t));

export function Trajectory(): ReactNode {
  const a = useStudio((state) => state.sides.a);
  const b = useStudio((state) => state.sides.b);
  const playhead = useStudio((state) => state.playhead);
  const drawing = useStudio((state) => state.run !== null);
  const titleOfB = useStudio((state) => modelOfSide(state, 'b')?.title ?? 'Side B');
  const wantedSteps = useStudio((state) => stepsOf(state.settings.sides.b, modelOfSide(state, 'b')));
  const last = useStudio(lastIndex) || (Number.isInteger(wantedSteps) ? wantedSteps : 1);
  const { togglePlayback } = useActions();
  const strips = useRef<HTMLDivElement>(null);
  const width = useElementWidth(strips);
  const frame = frameSizeFor(width, last);
  const done = b.status === 'done' && !drawing;
  // Until a run is finished the playhead follows it.
  const index = done ? Math.min(playhead.index ?? last, last) : Math.min(b.steps.length, last);
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
        <span className="quiet numbers">
          <i className="math">t</i> = {pathTimeText(index / last)}, step {index} of {last}
        </span>
        <ViewChoice />
      </div>
      <div className="track" style={{ '--frame-size': `${frame}px` } as CSSProperties}>
        <span className="strip-label">
          <SideBadge side="a" />
          <span className="visually-hidden">Side A,</span>
          <Latent at="t" />
        </span>
        <div ref={strips}>
          <FilmStrip side="a" view="path" run={a} last={1} width={width} frame={frame}>
            <span className="chord">
              <span>
                one evaluation, <Latent at="1" /> = <Latent at="0" /> + <i className="math">v</i>(
                <Latent at="0" />, 0)
              </span>
            </span>
          </FilmStrip>
        </div>
        <span className="strip-label">
          <SideBadge side="b" />
          <span className="visually-hidden">Side B,</span>
          <Latent at="t" />
        </span>
        <FilmStrip side="b" view="path" run={b} last={last} width={width} frame={frame} />
        <span className="strip-label">
          <SideBadge side="b" />
          <span className="visually-hidden">Side B,</span>
          end point
        </span>
        <FilmStrip side="b" view="endpoint" run={b} last={last} width={width} frame={frame} />
        <DeviationPlot a={a} b={b} titleOfB={titleOfB} />
        <div className="time-ticks" aria-hidden="true">
          {timeTicks.map((t) => (
            <span key={t} style={{ insetInlineStart: `${100 * t}%` }}>
              {tickText(t)}
            </span>
          ))}
        </div>
        <Scrubber index={index} last={last} isDisabled={!done} isEmpty={b.noise === null} frame={frame} />
      </div>
    </section>
  );
}
