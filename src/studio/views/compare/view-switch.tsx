/** How the pair is looked at, and back from a close look. */
import { ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Radio, RadioGroup } from 'react-aria-components';
import { type PairView, pairViews } from '../../state/pair-view.ts';
import { closestScale, wholePicture, zoomAt } from '../../state/zoom.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useDispatch, useStudio } from '../studio-context.tsx';

const names: Readonly<Record<PairView, string>> = {
  pair: 'Pair',
  slider: 'Slider',
  blink: 'Blink',
  difference: 'Difference',
};
const zoomStep = 1.5;

export function ViewSwitch(): ReactNode {
  const { chosen, zoom } = useStudio((state) => state.pairView);
  const dispatch = useDispatch();
  return (
    <div className="view-switch">
      <RadioGroup
        className="segmented"
        orientation="horizontal"
        aria-label="View"
        value={chosen}
        onChange={(view) => dispatch({ type: 'pair-view-chosen', view: view as PairView })}
      >
        <div className="segments">
          {pairViews.map((view) => (
            <Radio key={view} value={view}>
              {names[view]}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <div className="zoom-controls">
        <IconButton
          icon={ZoomOut}
          label="Further away"
          hint="Further away (−)"
          isDisabled={zoom.scale <= 1}
          onPress={() => dispatch({ type: 'zoomed', zoom: zoomAt(zoom, 1 / zoomStep) })}
        />
        <Button
          className="button zoom-value"
          aria-label={`Zoom ${zoom.scale.toFixed(1)}, show the whole picture`}
          isDisabled={zoom.scale === 1}
          onPress={() => dispatch({ type: 'zoomed', zoom: wholePicture })}
        >
          {zoom.scale.toFixed(1)}×
        </Button>
        <IconButton
          icon={ZoomIn}
          label="Closer"
          hint="Closer (+, or double click)"
          isDisabled={zoom.scale >= closestScale}
          onPress={() => dispatch({ type: 'zoomed', zoom: zoomAt(zoom, zoomStep) })}
        />
      </div>
    </div>
  );
}
