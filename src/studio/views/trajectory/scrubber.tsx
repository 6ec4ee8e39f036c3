/** The playhead over the strips: a slider, and the frame under the pointer shown large on its side. */
import type { PointerEvent, ReactNode } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { frameAt } from '../../plots/strip-layout.ts';
import type { Peek } from '../../state/playhead.ts';
import { useActions, useDispatch, useStudio } from '../studio-context.tsx';

interface ScrubberProps {
  /** 0 to `last`. */
  readonly index: number;
  readonly last: number;
  readonly isDisabled: boolean;
  /** Before there is a trajectory, the playhead is not drawn. */
  readonly isEmpty: boolean;
  /** Side of a frame, CSS pixels. */
  readonly frame: number;
}

/** The strip lies under the slider, so it is looked up by position. */
function frameUnder(event: PointerEvent, frame: number): Peek | null {
  const strip = document
    .elementsFromPoint(event.clientX, event.clientY)
    .find(
      (element): element is HTMLElement =>
        element instanceof HTMLElement && element.dataset.strip !== undefined,
    );
  if (strip === undefined) return null;
  const { left, width } = strip.getBoundingClientRect();
  const stripLast = Math.max(1, Number(strip.dataset.last));
  return {
    side: strip.dataset.strip === 'a' ? 'a' : 'b',
    view: strip.dataset.view === 'endpoint' ? 'endpoint' : 'path',
    share: frameAt(event.clientX - left, width, frame, stripLast) / stripLast,
  };
}

const samePeek = (a: Peek | null, b: Peek | null): boolean =>
  a?.side === b?.side && a?.view === b?.view && a?.share === b?.share;

export function Scrubber({ index, last, isDisabled, isEmpty, frame }: ScrubberProps): ReactNode {
  const peek = useStudio((state) => state.playhead.peek);
  const { movePlayhead } = useActions();
  const dispatch = useDispatch();
  const show = (next: Peek | null): void => {
    if (!samePeek(next, peek)) dispatch({ type: 'peeked', peek: next });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || isDisabled) return;
    // While dragging, the playhead decides.
    show(event.buttons === 0 ? frameUnder(event, frame) : null);
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
      isDisabled={isDisabled}
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
