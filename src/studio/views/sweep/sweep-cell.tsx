/** One picture of the sweep: its time, its likeness to the row's last, and the way to make it a side. */
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { requestKey } from '../../state/draw-plan.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { referenceCell, type SweepCell, type SweepRow, similarityKey } from '../../state/sweep.ts';
import { errorWords } from '../../words/error-words.ts';
import { stepsCountText } from '../../words/setting-words.ts';
import { cellTimeText, similarityText } from '../../words/sweep-words.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { SideBadge } from '../controls/side-badge.tsx';
import { useDispatch, useStudio } from '../studio-context.tsx';

interface SweepCellProps {
  readonly row: SweepRow;
  readonly cell: SweepCell;
  readonly place: CSSProperties;
}

export function SweepCellView({ row, cell, place }: SweepCellProps): ReactNode {
  const { key, stepCount, request } = cell;
  const run = useStudio((state) => state.sweep.cells.get(key));
  const step = useStudio((state) => (state.sweep.drawing?.key === key ? state.sweep.drawing.step : null));
  const running = useStudio((state) => state.sweep.running);
  const similarity = useStudio((state) => {
    const reference = referenceCell(state.sweep, row);
    return reference === null ? null : state.sweep.similarities.get(similarityKey(key, reference.key));
  });
  const sides = useStudio((state) =>
    sideNames
      .filter((side) => {
        const shown = state.sides[side].request;
        return key !== '' && shown !== null && requestKey(shown) === key;
      })
      .join(''),
  );
  const dispatch = useDispatch();
  const take = (side: SideName): void => dispatch({ type: 'cell-taken', side, key });
  if (request === null) return null;
  const name = `${row.model.title}, ${stepsCountText(stepCount)}`;
  const progress = step === null ? (running ? 'Waiting' : 'Not drawn') : `Step ${step} of ${stepCount}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    const side = sideNames.find((candidate) => candidate === event.key.toLowerCase());
    if (side === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    take(side);
  };
  const picture = run?.result?.picture ?? null;
  const error = run?.error ?? null;
  return (
    <div className="sweep-cell" data-state={error ? 'error' : picture ? 'done' : 'empty'} style={place}>
      {picture === null ? (
        <div className="sweep-square" data-empty="true">
          {error === null ? progress : errorWords(error).title}
        </div>
      ) : (
        <MenuTrigger>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the button inside */}
          <div onKeyDown={onKeyDown}>
            <Button className="sweep-square" data-sides={sides} aria-label={`${name}: set as a side`}>
              <PictureCanvas picture={picture} label="" />
              {[...sides].map((side) => (
                <SideBadge key={side} side={side as SideName} />
              ))}
            </Button>
          </div>
          <Popover className="popover choice-list">
            <Menu aria-label={name} onAction={(side) => take(side as SideName)}>
              <MenuItem id="a">Set as A</MenuItem>
              <MenuItem id="b">Set as B</MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
      <p className="sweep-caption">
        <b>{run === undefined ? '' : cellTimeText(run)}</b>
        <span>{similarityText(similarity)}</span>
      </p>
    </div>
  );
}
