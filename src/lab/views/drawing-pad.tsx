/** A square to draw a distribution in, by pointer or by keys. */
import { X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { type Plane, pixelX, pixelY, planeAt, planeReach } from '../drawing/plane.ts';
import { beginStroke, continueStroke, isFull } from '../drawing/stroke-recorder.ts';
import type { Stroke } from '../flow/strokes.ts';

interface DrawingPadProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly strokes: readonly Stroke[];
  readonly onClose: () => void;
  readonly onDrawn: (strokes: readonly Stroke[]) => void;
}

export function DrawingPad({ isOpen, title, strokes, onClose, onDrawn }: DrawingPadProps): ReactNode {
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="dialog pad-dialog">
        <Dialog data-modal className="keys-sheet">
          <header>
            <Heading slot="title">{title}</Heading>
            <Button slot="close" className="button icon" aria-label="Close">
              <X className="glyph" aria-hidden="true" />
            </Button>
          </header>
          <Pad
            initial={strokes}
            onDrawn={(drawn) => {
              onDrawn(drawn);
              onClose();
            }}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const plane: Plane = { size: 300 };
/** By how much an arrow key moves the pen. */
const penStep = 0.2;
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-penStep, 0],
  ArrowRight: [penStep, 0],
  ArrowUp: [0, penStep],
  ArrowDown: [0, -penStep],
};

interface Pen {
  readonly x: number;
  readonly y: number;
  readonly down: boolean;
}

function pathOf(stroke: Stroke): string {
  const points: string[] = [];
  for (let i = 0; i < stroke.length; i += 2) {
    points.push(`${pixelX(plane, stroke[i]!).toFixed(1)} ${pixelY(plane, stroke[i + 1]!).toFixed(1)}`);
  }
  // A dot is a line of no length, with round ends.
  return `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`;
}

function Pad({
  initial,
  onDrawn,
}: {
  initial: readonly Stroke[];
  onDrawn: DrawingPadProps['onDrawn'];
}): ReactNode {
  const [strokes, setStrokes] = useState(initial);
  const [pen, setPen] = useState<Pen>({ x: 0, y: 0, down: false });

  const placeOf = (event: PointerEvent<HTMLElement>): { x: number; y: number } => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    return planeAt({ size: width }, event.clientX - left, event.clientY - top);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const { x, y } = placeOf(event);
    setStrokes((drawn) => beginStroke(drawn, x, y));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { x, y } = placeOf(event);
    setStrokes((drawn) => continueStroke(drawn, x, y));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = arrows[event.key];
    if (move !== undefined) {
      const clamp = (value: number): number => Math.min(planeReach - 0.3, Math.max(0.3 - planeReach, value));
      const [x, y] = [clamp(pen.x + move[0]), clamp(pen.y + move[1])];
      setPen({ ...pen, x, y });
      if (pen.down) setStrokes((drawn) => continueStroke(drawn, x, y));
    } else if (event.key === ' ') {
      setPen({ ...pen, down: !pen.down });
      if (!pen.down) setStrokes((drawn) => beginStroke(drawn, pen.x, pen.y));
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <div
        className="pad"
        role="application"
        aria-label={`Drawing area, ${strokes.length} strokes. Arrow keys move the pen, Space puts it down and lifts it.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move a pen in it, as its label says
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      >
        <svg viewBox={`0 0 ${plane.size} ${plane.size}`} aria-hidden="true">
          <path
            className="plot-grid"
            d={`M${plane.size / 2} 0V${plane.size}M0 ${plane.size / 2}H${plane.size}`}
          />
          {strokes.map((stroke, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: strokes are only added or all removed
            <path key={i} className="pad-stroke" d={pathOf(stroke)} />
          ))}
          <circle
            className="pad-pen"
            data-down={pen.down}
            cx={pixelX(plane, pen.x)}
            cy={pixelY(plane, pen.y)}
            r={4}
          />
        </svg>
      </div>
      <p className="note">
        {isFull(strokes)
          ? 'That is as much as a link holds.'
          : 'Draw lines or dots; points are spread evenly along them.'}
      </p>
      <div className="row wide-row">
        <Button className="button fill" isDisabled={strokes.length === 0} onPress={() => onDrawn(strokes)}>
          Use this drawing
        </Button>
        <Button className="button" isDisabled={strokes.length === 0} onPress={() => setStrokes([])}>
          Clear
        </Button>
      </div>
    </>
  );
}
