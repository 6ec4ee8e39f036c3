/** One side: head and square. A region that scripts and screen readers find by name and state. */
import { Lock } from 'lucide-react';
import { memo, type ReactNode, type Ref, useId } from 'react';
import { isLeftBehind, oneStepSide } from '../../state/live.ts';
import { pairViewOf } from '../../state/pair-view.ts';
import type { ShownPicture } from '../../state/shown-picture.ts';
import { shownPicture } from '../../state/shown-picture.ts';
import type { SideName, SideRun } from '../../state/side.ts';
import { modelOfSide, stepsOf, takesFixedSteps } from '../../state/side-models.ts';
import { lastIndex } from '../../state/studio.ts';
import { zoomOnto } from '../../state/zoom.ts';
import { pathTimeText, rateText } from '../../words/measures.ts';
import { stageText } from '../../words/progress-words.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { KeepMenu, ModelChoice, ZoomBox } from '../lazy-views.tsx';
import { Optional } from '../shell/deferred.tsx';
import { useStudio } from '../studio-context.tsx';
import { PointMarkers } from '../trajectory/point-markers.tsx';
import { LeftBehindPlate, SideMessage } from './side-message.tsx';
import { StepsField } from './steps-field.tsx';

/** Of what lies under the pointer, beside the views of one picture. */
const cropScale = 4;

/** A is the one-step side until the reader makes it another; B keeps one name whatever its N. */
function regionName(side: SideName, steps: number): string {
  if (side === 'b') return 'N steps';
  return steps === 1 ? 'One step' : `Side A, ${steps} steps`;
}

/** What a picture that isn't the finished one is; '' where nothing may cover it. */
function captionOf(shown: ShownPicture, run: SideRun): string {
  const last = run.request?.stepCount ?? 1;
  if (run.status === 'running') {
    if (shown.kind === 'endpoint') return `End point, step ${shown.index} of ${last}`;
    return run.stage === 'queued' ? '' : stageText(run);
  }
  const t = `t = ${pathTimeText(shown.index / last)}`;
  if (shown.kind === 'noise') return `Noise, ${t}`;
  if (shown.kind === 'path') return `On the path, ${t}`;
  return shown.kind === 'endpoint' ? `End point predicted at ${t}` : '';
}

/** What stands in a square that never showed a picture. */
function hintOf(run: SideRun, side: SideName, engineIsStarting: boolean): string {
  if (run.status !== 'running') return 'Nothing drawn yet';
  if (run.stage !== 'queued') return stageText(run);
  return engineIsStarting && side === 'a' ? 'Starting the engine' : 'Draws after side A';
}

function describedPicture(shown: ShownPicture, run: SideRun, side: SideName): string {
  const name = `Side ${side.toUpperCase()}`;
  if (shown.picture === null) return `${name}, nothing drawn yet`;
  const prompt = run.request?.prompt.trim() || 'an empty prompt';
  const count = run.request?.stepCount ?? 1;
  const steps = `${count} ${count === 1 ? 'step' : 'steps'}`;
  return shown.kind === 'final'
    ? `${name}: ${prompt}, drawn in ${steps}`
    : `${name}: ${prompt}, not the finished picture`;
}

interface SideViewProps {
  readonly side: SideName;
  /** The field for N, where the model takes more than one. */
  readonly stepsField: Ref<HTMLInputElement>;
}

/** How fast live pictures follow each other, where this side is the one that follows. */
function LivePace({ side }: { side: SideName }): ReactNode {
  const pace = useStudio((state) =>
    state.live.on && oneStepSide(state) === side ? (state.live.paceMs ?? 0) : null,
  );
  if (pace === null) return null;
  return <span className="live-pace">{pace === 0 ? 'Live' : `Live, ${rateText(pace)}`}</span>;
}

/** Controls are drawn anew with their own values only, not with every step of a run. */
const SideHead = memo(function SideHead({ side, stepsField }: SideViewProps): ReactNode {
  const model = useStudio((state) => modelOfSide(state, side));
  const steps = useStudio((state) => stepsOf(state.settings.sides[side], model));
  const stepsText = `${steps} ${steps === 1 ? 'step' : 'steps'}`;
  return (
    <div className="side-head" data-side={side}>
      <SideBadge side={side} />
      <Optional fallback={<b className="truncate">{model?.title ?? ''}</b>}>
        <ModelChoice side={side} />
      </Optional>
      {model === null || takesFixedSteps(model) ? (
        <span className="steps-fixed" title={`${model?.title ?? 'This model'} takes exactly ${stepsText}`}>
          <Lock className="glyph small" aria-hidden="true" />
          {stepsText}
          <span className="visually-hidden">, this model takes no other count</span>
        </span>
      ) : (
        <StepsField side={side} field={stepsField} />
      )}
      <LivePace side={side} />
      <Optional fallback={null}>
        <KeepMenu side={side} />
      </Optional>
    </div>
  );
});

export function SideView({ side, ...head }: SideViewProps): ReactNode {
  const run = useStudio((state) => state.sides[side]);
  const playhead = useStudio((state) => state.playhead);
  const last = useStudio(lastIndex);
  const starting = useStudio((state) => state.engine.status === 'starting');
  const steps = useStudio((state) => stepsOf(state.settings.sides[side], modelOfSide(state, side)));
  const shown = shownPicture(run, side, playhead, last);
  const caption = captionOf(shown, run);
  const leftBehind = useStudio((state) => isLeftBehind(state, side));
  const single = useStudio((state) => pairViewOf(state) !== 'pair');
  const focus = useStudio((state) => state.pairView.focus);
  const crop = single ? zoomOnto(focus, cropScale) : null;
  const headingId = useId();
  const picture = <PictureCanvas picture={shown.picture} label={describedPicture(shown, run, side)} />;
  return (
    <section className="side" data-side={side} data-state={run.status} aria-labelledby={headingId}>
      <h2 className="visually-hidden" id={headingId}>
        {regionName(side, steps)}
      </h2>
      <SideHead side={side} {...head} />
      {single && <p className="crop-label">{cropScale}× under the pointer</p>}
      <div className="square" data-shown={leftBehind ? 'stale' : shown.kind}>
        <Optional fallback={picture}>
          <ZoomBox {...(crop === null ? {} : { zoom: crop })}>
            {picture}
            <PointMarkers />
          </ZoomBox>
        </Optional>
        {shown.kind === 'empty' && !run.stopped && run.error === null && (
          <p className="square-hint">{hintOf(run, side, starting)}</p>
        )}
        {caption !== '' && shown.kind !== 'empty' && <span className="caption">{caption}</span>}
        {leftBehind ? <LeftBehindPlate /> : <SideMessage side={side} run={run} />}
      </div>
    </section>
  );
}
