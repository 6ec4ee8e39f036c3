/** The model of one side. */
import type { ReactNode } from 'react';
import type { SideName } from '../../state/side.ts';
import { missingModel, modelOfSide, takesFixedSteps } from '../../state/side-models.ts';
import { sizeText, stepsCountText } from '../../words/setting-words.ts';
import { Choice, type ChoiceOption } from '../controls/choice.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

export function ModelChoice({ side }: { side: SideName }): ReactNode {
  const models = useStudio((state) => state.engine.models);
  const model = useStudio((state) => modelOfSide(state, side));
  const missing = useStudio((state) => missingModel(state, side));
  const { changeSide } = useActions();
  const options = models.map((candidate): ChoiceOption => {
    const { id, title, steps, sizes } = candidate;
    const count = takesFixedSteps(candidate)
      ? stepsCountText(steps.minimum)
      : `${steps.minimum} to ${stepsCountText(steps.maximum)}`;
    return { id, name: title, note: [count, ...sizes.slice(0, 1).map(sizeText)].join(', ') };
  });
  if (model === null)
    return <b className="truncate">{side === 'a' ? 'One-step model' : 'Many-step model'}</b>;
  return (
    <>
      <Choice
        label={`Model of side ${side.toUpperCase()}`}
        look="bare"
        options={options}
        value={model.id}
        onChange={(id) => changeSide(side, { model: id })}
      />
      {missing !== null && (
        <span className="field-error" role="status">
          {missing} is not here
        </span>
      )}
    </>
  );
}
