/** Both pictures in one place: behind a slider, in turns, or their difference. */
import { Pause, Play } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { ReactCompareSlider } from 'react-compare-slider';
import type { Picture } from '../../../worker/protocol.ts';
import { heatGradient, heatPicture, scaleEnd } from '../../plots/heat-ramp.ts';
import { differenceProblem, type PairView, shownPictures } from '../../state/pair-view.ts';
import { otherSide, type SideName } from '../../state/side.ts';
import { placeInPicture } from '../../state/zoom.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { ZoomBox } from '../controls/zoom-box.tsx';
import { prefersStillness } from '../shell/media-query.ts';
import { useDispatch, useStudio } from '../studio-context.tsx';

/** A side is shown so long: slow enough to look, and far from flashing. */
const blinkMs = 800;

type Pictures = Readonly<Record<SideName, Picture>>;

function SliderView({ a, b }: Pictures): ReactNode {
  const zoomed = useStudio((state) => state.pairView.zoom.scale > 1);
  return (
    <ReactCompareSlider
      className="compare-slider"
      onlyHandleDraggable={zoomed}
      keyboardIncrement="2%"
      itemOne={
        <ZoomBox dragTaken={!zoomed}>
          <PictureCanvas picture={a} label="Side A, left of the divider" />
        </ZoomBox>
      }
      itemTwo={
        <ZoomBox dragTaken={!zoomed}>
          <PictureCanvas picture={b} label="Side B, right of the divider" />
        </ZoomBox>
      }
    />
  );
}

function BlinkView(pictures: Pictures): ReactNode {
  const [side, setSide] = useState<SideName>('a');
  const [playing, setPlaying] = useState(() => !prefersStillness());
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setSide(otherSide), blinkMs);
    return () => clearInterval(timer);
  }, [playing]);
  return (
    <>
      <ZoomBox>
        <PictureCanvas picture={pictures[side]} label={`Side ${side.toUpperCase()}, blinking`} />
      </ZoomBox>
      <div className="single-controls">
        <Button className="button line" onPress={() => setPlaying(!playing)}>
          {playing ? (
            <Pause className="glyph small" aria-hidden="true" />
          ) : (
            <Play className="glyph small" aria-hidden="true" />
          )}
          {playing ? 'Stop blinking' : 'Blink'}
        </Button>
        <Button
          className="button line"
          onPressStart={() => setSide(otherSide)}
          onPressEnd={() => setSide(otherSide)}
          isDisabled={playing}
        >
          Hold for the other
        </Button>
        <span className="blink-side quiet" aria-live="off">
          <SideBadge side={side} /> is shown
        </span>
      </div>
    </>
  );
}

function DifferenceView(pictures: Pictures): ReactNode {
  const known = useStudio((state) => state.pairView.difference);
  const problem = differenceProblem(pictures);
  const measured = problem === '' ? (known?.measured ?? null) : null;
  const heat = useMemo(
    () => (measured === null ? null : heatPicture(measured, scaleEnd(measured.largest))),
    [measured],
  );
  return (
    <>
      <ZoomBox>
        <PictureCanvas picture={heat} label="Difference of A and B, pale where it is large" />
      </ZoomBox>
      {problem !== '' && <p className="square-hint">{problem}</p>}
      <dl className="single-controls difference-numbers">
        <div>
          <dt>Mean difference</dt>
          <dd>{measured === null ? '–' : measured.mean.toFixed(3)}</dd>
        </div>
        <div>
          <dt>SSIM</dt>
          <dd>{measured?.similarity == null ? '–' : measured.similarity.toFixed(2)}</dd>
        </div>
        <div className="heat-scale">
          <dt className="visually-hidden">Scale</dt>
          <dd>
            0<span style={{ backgroundImage: heatGradient }} />
            {measured === null ? '–' : scaleEnd(measured.largest)}
          </dd>
        </div>
      </dl>
    </>
  );
}

export function SinglePicture({ view }: { view: Exclude<PairView, 'pair'> }): ReactNode {
  const a = useStudio((state) => shownPictures(state)?.a ?? null);
  const b = useStudio((state) => shownPictures(state)?.b ?? null);
  const zoom = useStudio((state) => state.pairView.zoom);
  const dispatch = useDispatch();
  if (a === null || b === null) return null;
  const follow = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const seen = { x: (event.clientX - left) / width, y: (event.clientY - top) / width };
    if (seen.y <= 1) dispatch({ type: 'focus-moved', focus: placeInPicture(zoom, seen) });
  };
  return (
    <div className="single" data-view={view} onPointerMove={follow}>
      {view === 'slider' && <SliderView a={a} b={b} />}
      {view === 'blink' && <BlinkView a={a} b={b} />}
      {view === 'difference' && <DifferenceView a={a} b={b} />}
    </div>
  );
}
