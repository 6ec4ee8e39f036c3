/** The playhead over strips and chart: a slider, and the place under the pointer shown large. */
import type { PointerEvent, ReactNode } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { frameAt } from '../../plots/strip-layout.ts';
import type { Peek, TrajectoryView } from '../../state/playhead.ts';
import { canPlay, timelineIndex } from '../../state/timeline.ts';
import { useActions, useDispatch, useStudio } from '../studio-context.tsx';

interface ScrubberProps {
  /** N of the axis. */
  readonly last: number;
  /** Side of a frame, CSS pixels. */
  readonly frame: number;
}

/** What the slider lies over is looked up by position: a strip is one side's, the chart both sides'. */
function placeUnder(event: PointerEvent, frame: number, view: TrajectoryView, last: number): Peek | null {
  const target = document
    .elementsFromPoint(event.clientX, event.clientY)
    .find(
      (element): element is HTMLElement =>
        element instanceof HTMLElement &&
        (element.dataset.strip !== undefined || element.dataset.chart !== undefined),
    );
  if (target === undefined) return null;
  const { left, width } = target.getBoundingClientRect();
  const share = (count: number): number =>
    frameAt(event.clientX - left, width, frame, Math.max(count, 1)) / Math.max(count, 1);
  if (target.dataset.strip === undefined) return { side: null, view, share: share(last) };
  return {
    side: target.dataset.strip === 'a' ? 'a' : 'b',
    view: target.dataset.view === 'endpoint' ? 'endpoint' : 'path',
    share: share(Number(target.dataset.last)),
  };
}

const samePeek = (a: Peek | null, b: Peek | null): boolean =>
  a?.side === b?.side && a?.view === b?.view && a?.share === b?.share;

export function Scrubber({ last, frame }: ScrubberProps): ReactNode {
  const index = useStudio(timelineIndex);
  const playable = useStudio(canPlay);
  // Before there is a trajectory, the playhead is not drawn.
  const isEmpty = useStudio(({ sides: { a, b } }) => a.start === null && b.start === null);
  const peek = useStudio((state) => state.playhead.peek);
  const view = useStudio((state) => state.playhead.view);
  const { movePlayhead } = useActions();
  const dispatch = useDispatch();
  const show = (next: Peek | null): void => {
    if (!samePeek(next, peek)) dispatch({ type: 'peeked', peek: next });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || !playable) return;
    // While dragging, the playhead decides.
    show(event.buttons === 0 ? placeUnder(event, frame, view, last) : null);
  };
  return (
    <Slider
      className="scrubber"
      data-empty={isEmpty}
      aria-label="Playhead"
      minValue={0}
      maxValue={Math.max(last, 1)}
      step={1}
      value={index}
      isDisabled={!playable}
      onChange={movePlayhead}
      onPointerMove={onPointerMove}
      onPointerLeave={() => show(null)}
    >
      <SliderTrack className="scrubber-track">
        <SliderThumb className="scrubber-thumb" />
      </SliderTrack>
    </Slider>
  );
}
