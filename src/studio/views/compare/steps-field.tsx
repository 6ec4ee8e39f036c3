/** N of side B, with a step less and a step more. */
import { Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type Ref, useId } from 'react';
import { Button, Group, Input, NumberField } from 'react-aria-components';
import { stepsProblem, stepsRange } from '../../state/settings.ts';
import { useActions, useStudio } from '../studio-context.tsx';

const wholeNumbers: Intl.NumberFormatOptions = { maximumFractionDigits: 0 };
const shiftStep = 10;

export function StepsField({ field }: { field: Ref<HTMLInputElement> }): ReactNode {
  const steps = useStudio((state) => state.settings.steps);
  const { change } = useActions();
  const problem = stepsProblem(steps);
  const problemId = useId();

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? shiftStep : event.key === 'ArrowDown' ? -shiftStep : 0;
    if (by === 0 || !event.shiftKey || !Number.isFinite(steps)) return;
    event.preventDefault();
    event.stopPropagation();
    change({ steps: Math.min(Math.max(steps + by, stepsRange.minimum), stepsRange.maximum) });
  };
  return (
    <NumberField
      className="steps-field"
      aria-label="Steps"
      value={steps}
      minValue={stepsRange.minimum}
      maxValue={stepsRange.maximum}
      commitBehavior="validate"
      formatOptions={wholeNumbers}
      isInvalid={problem !== ''}
      onChange={(value) => change({ steps: value })}
    >
      <Group className="stepper">
        <Button slot="decrement" aria-label="Fewer">
          <Minus className="glyph small" aria-hidden="true" />
        </Button>
        <Input
          ref={field}
          aria-describedby={problem === '' ? undefined : problemId}
          onKeyDownCapture={onKeyDown}
        />
        <Button slot="increment" aria-label="More">
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
