/** N of one side, with a step less and a step more. */
import { Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type Ref, useId } from 'react';
import { Button, Group, Input, NumberField } from 'react-aria-components';
import { stepsProblem, stepsRange } from '../../state/settings.ts';
import type { SideName } from '../../state/side.ts';
import { modelOfSide } from '../../state/side-models.ts';
import { useActions, useStudio } from '../studio-context.tsx';

const wholeNumbers: Intl.NumberFormatOptions = { maximumFractionDigits: 0 };
const shiftStep = 10;

/** B carries the plain names: it is the side whose N is the comparison's. */
const names: Readonly<Record<SideName, { field: string; fewer: string; more: string }>> = {
  a: { field: 'Steps of side A', fewer: 'Fewer on side A', more: 'More on side A' },
  b: { field: 'Steps', fewer: 'Fewer', more: 'More' },
};

export function StepsField({ side, field }: { side: SideName; field: Ref<HTMLInputElement> }): ReactNode {
  const steps = useStudio((state) => state.settings.sides[side].steps);
  const range = useStudio((state) => modelOfSide(state, side)?.steps ?? stepsRange);
  const { changeSide } = useActions();
  const problem = stepsProblem(steps, range);
  const problemId = useId();

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? shiftStep : event.key === 'ArrowDown' ? -shiftStep : 0;
    if (by === 0 || !event.shiftKey || !Number.isFinite(steps)) return;
    event.preventDefault();
    event.stopPropagation();
    changeSide(side, { steps: Math.min(Math.max(steps + by, range.minimum), range.maximum) });
  };
  return (
    <NumberField
      className="steps-field"
      aria-label={names[side].field}
      value={steps}
      minValue={range.minimum}
      maxValue={range.maximum}
      commitBehavior="validate"
      formatOptions={wholeNumbers}
      isInvalid={problem !== ''}
      onChange={(value) => changeSide(side, { steps: value })}
    >
      <Group className="stepper">
        <Button slot="decrement" aria-label={names[side].fewer}>
          <Minus className="glyph small" aria-hidden="true" />
        </Button>
        <Input
          ref={field}
          aria-describedby={problem === '' ? undefined : problemId}
          onKeyDownCapture={onKeyDown}
        />
        <Button slot="increment" aria-label={names[side].more}>
          <Plus className="glyph small" aria-hidden="true" />
        </Button>
      </Group>
      {problem === '' ? (
        <span className="quiet" aria-hidden="true">
          {steps === 1 ? 'step' : 'steps'}
        </span>
      ) : (
        <span className="field-error" id={problemId} role="status">
          {problem}
        </span>
      )}
    </NumberField>
  );
}
