/** Which latents and pixels are traced: by pointing into the picture, or as numbers. */
import { Crosshair, Plus, X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Input, NumberField, Popover } from 'react-aria-components';
import { latestPicture } from '../../state/side.ts';
import {
  addPoint,
  changePoint,
  mostPoints,
  removePoint,
  type TracePoint,
} from '../../state/trajectory-chart.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { useDispatch, useStudio } from '../studio-context.tsx';
import { pointPlace } from './point-markers.tsx';

const wholeNumbers: Intl.NumberFormatOptions = { maximumFractionDigits: 0 };
/** An arrow key moves a point by so much of the picture: a latent of the embedded model is 8 times as wide. */
const keyStep = 1 / 64;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface PointsProps {
  readonly points: readonly TracePoint[];
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
  readonly onChange: (points: readonly TracePoint[]) => void;
}

function PickerPicture({ points, chosen, onChoose, onChange }: PointsProps): ReactNode {
  const picture = useStudio((state) => latestPicture(state.sides.b) ?? latestPicture(state.sides.a));
  const move = (event: PointerEvent<HTMLElement>): void => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    onChange(
      changePoint(points, chosen, {
        x: (event.clientX - left) / width,
        y: (event.clientY - top) / height,
      }),
    );
  };
  const onKeyDown = (at: number, event: KeyboardEvent): void => {
    const [right, down] = arrows[event.key] ?? [0, 0];
    const point = points[at];
    if ((right === 0 && down === 0) || point === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(changePoint(points, at, { x: point.x + right * keyStep, y: point.y + down * keyStep }));
  };
  return (
    <div className="picker-picture" onPointerDown={move} onPointerMove={move}>
      <PictureCanvas picture={picture} label="" className="picture" />
      {points.map(({ x, y }, i) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: points have no other identity than their number
          key={i}
          type="button"
          className="point-marker"
          style={pointPlace(x, y)}
          aria-label={`Point ${i + 1}: ${percent(x)} % across, ${percent(y)} % down; arrow keys move it`}
          aria-pressed={i === chosen}
          onPointerDown={(event) => {
            // The marker is taken hold of; the picture behind it moves it.
            onChoose(i);
            event.stopPropagation();
          }}
          onFocus={() => onChoose(i)}
          onKeyDown={(event) => onKeyDown(i, event)}
        >
          {i + 1}
        </button>
      ))}
    </div>
  );
}

const percent = (share: number): number => Math.round(100 * share);

function NumberCell(props: {
  readonly label: string;
  readonly value: number;
  readonly highest: number;
  readonly onChange: (value: number) => void;
}): ReactNode {
  const { label, value, highest, onChange } = props;
  return (
    <NumberField
      className="number-field"
      aria-label={label}
      value={value}
      minValue={0}
      maxValue={highest}
      formatOptions={wholeNumbers}
      onChange={(next) => Number.isFinite(next) && onChange(next)}
    >
      <div className="field narrow">
        <Input />
      </div>
    </NumberField>
  );
}

function PointRows({ points, chosen, onChoose, onChange }: PointsProps): ReactNode {
  const channels = useStudio((state) => (state.sides.b.start ?? state.sides.a.start)?.latents.channels ?? 4);
  const ofLatents = useStudio((state) => state.traces.plot === 'latents');
  return (
    <div className="point-rows" data-latents={ofLatents}>
      <span aria-hidden="true" />
      <span aria-hidden="true">across %</span>
      <span aria-hidden="true">down %</span>
      {ofLatents && <span aria-hidden="true">channel</span>}
      <span aria-hidden="true" />
      {points.map(({ x, y, channel }, i) => {
        const change = (changed: Partial<TracePoint>): void => onChange(changePoint(points, i, changed));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: points have no other identity than their number
          <div key={i} className="point-row" data-chosen={i === chosen} onFocusCapture={() => onChoose(i)}>
            <span className="point-number">{i + 1}</span>
            <NumberCell
              label={`Point ${i + 1}, percent across`}
              value={percent(x)}
              highest={99}
              onChange={(value) => change({ x: value / 100 })}
            />
            <NumberCell
              label={`Point ${i + 1}, percent down`}
              value={percent(y)}
              highest={99}
              onChange={(value) => change({ y: value / 100 })}
            />
            {ofLatents && (
              <NumberCell
                label={`Point ${i + 1}, channel`}
                value={Math.min(channel, channels - 1)}
                highest={channels - 1}
                onChange={(value) => change({ channel: value })}
              />
            )}
            <Button
              className="button icon"
              aria-label={`Remove point ${i + 1}`}
              isDisabled={points.length === 1}
              onPress={() => onChange(removePoint(points, i))}
            >
              <X className="glyph small" aria-hidden="true" />
            </Button>
          </div>
        );
      })}
    </div>
  );
}

export function PointPicker(): ReactNode {
  const points = useStudio((state) => state.traces.points);
  const dispatch = useDispatch();
  const [wanted, choose] = useState(0);
  const chosen = Math.min(wanted, points.length - 1);
  const onChange = (changed: readonly TracePoint[]): void =>
    dispatch({ type: 'traces-changed', change: { points: changed } });
  const rows: PointsProps = { points, chosen, onChoose: choose, onChange };
  return (
    <DialogTrigger onOpenChange={(picking) => dispatch({ type: 'traces-changed', change: { picking } })}>
      <Button className="button small" aria-label="Points">
        <Crosshair className="glyph small" aria-hidden="true" />
        <span>Points</span>
      </Button>
      <Popover className="popover point-picker" placement="top end" offset={6}>
        <Dialog>
          <Heading slot="title">Traced points</Heading>
          <p>Point into the picture to move the chosen one.</p>
          <PickerPicture {...rows} />
          <PointRows {...rows} />
          <Button
            className="button line"
            isDisabled={points.length >= mostPoints}
            onPress={() => {
              onChange(addPoint(points));
              choose(points.length);
            }}
          >
            <Plus className="glyph small" aria-hidden="true" />
            Add a point
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
