/** A picture that can be looked at closely: pinch, ctrl and wheel, double click, drag; the zoom is everybody's. */
import { useGesture } from '@use-gesture/react';
import { type MouseEvent, type ReactNode, useRef } from 'react';
import { panBy, transformOf, wholePicture, type Zoom, zoomAt } from '../../state/zoom.ts';
import { useDispatch, useStudio } from '../studio-context.tsx';

const doubleClickFactor = 2.5;

interface ZoomBoxProps {
  /** Missing = the pair's zoom, which this box then also moves. */
  readonly zoom?: Zoom;
  /** Whether dragging belongs to something else here. */
  readonly dragTaken?: boolean;
  readonly children: ReactNode;
}

export function ZoomBox({ zoom: fixed, dragTaken = false, children }: ZoomBoxProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const shared = useStudio((state) => state.pairView.zoom);
  const dispatch = useDispatch();
  const zoom = fixed ?? shared;
  const set = (next: Zoom): void => dispatch({ type: 'zoomed', zoom: next });
  const placeOf = (clientX: number, clientY: number) => {
    const { left, top, width, height } = box.current!.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  useGesture(
    {
      onPinch: ({ origin: [x, y], offset: [scale] }) => set(zoomAt(zoom, scale / zoom.scale, placeOf(x, y))),
      onDrag: ({ delta: [x, y], pinching, cancel }) => {
        if (pinching) return cancel();
        const { width, height } = box.current!.getBoundingClientRect();
        set(panBy(zoom, { x: x / width, y: y / height }));
      },
    },
    {
      target: box,
      enabled: fixed === undefined,
      eventOptions: { passive: false },
      pinch: { from: () => [zoom.scale, 0], scaleBounds: { min: 1, max: 16 } },
      drag: { enabled: zoom.scale > 1 && !dragTaken, filterTaps: true },
    },
  );
  const onDoubleClick = ({ clientX, clientY }: MouseEvent): void => {
    if (fixed !== undefined) return;
    set(zoom.scale > 1 ? wholePicture : zoomAt(zoom, doubleClickFactor, placeOf(clientX, clientY)));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys + − 0 and the buttons above do the same
    <div
      ref={box}
      onDoubleClick={onDoubleClick}
      className="zoom-box"
      data-zoomed={zoom.scale > 1}
      data-fixed={fixed !== undefined}
    >
      <div className="zoomed" style={{ transform: transformOf(zoom) }}>
        {children}
      </div>
    </div>
  );
}
