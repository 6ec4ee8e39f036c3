/** Guidance of both sides: a slider whose value can be typed where the model takes it, the reason where not. */
import type { ReactNode } from 'react';
import type { ModelDescriptor } from '../../../engine/pipeline/model.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { guidanceOf, modelOfSide } from '../../state/side-models.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { SliderField } from '../controls/slider-field.tsx';
import { useActions, useStudio } from '../studio-context.tsx';
import { NegativePrompt } from './negative-prompt.tsx';

const stepSize = 0.1;
const digits: Intl.NumberFormatOptions = { minimumFractionDigits: 1, maximumFractionDigits: 2 };

/** B carries the plain name, as in the field for N. */
const fieldNames: Readonly<Record<SideName, string>> = { a: 'Guidance of A', b: 'Guidance' };

interface GuidanceSliderProps {
  readonly side: SideName;
  readonly model: ModelDescriptor;
  readonly range: NonNullable<ModelDescriptor['guidance']>;
}

function GuidanceSlider({ side, model, range }: GuidanceSliderProps): ReactNode {
  const settings = useStudio((state) => state.settings.sides[side]);
  const { changeSide } = useActions();
  const value = guidanceOf(settings, model);
  const set = (guidance: number): void =>
    changeSide(side, { guidance: Number.isNaN(guidance) ? null : guidance });
  return (
    <SliderField
      sliderLabel={`Guidance of side ${side.toUpperCase()}`}
      fieldLabel={fieldNames[side]}
      minimum={range.minimum}
      maximum={range.maximum}
      stepSize={stepSize}
      digits={digits}
      value={value}
      onChange={set}
      onReset={() => changeSide(side, { guidance: null })}
    />
  );
}

function SideGuidance({ side }: { side: SideName }): ReactNode {
  const model = useStudio((state) => modelOfSide(state, side));
  return (
    <>
      <SideBadge side={side} />
      {model?.guidance ? (
        <GuidanceSlider side={side} model={model} range={model.guidance} />
      ) : (
        <span className="quiet wide">{model === null ? '–' : `None. ${model.title} takes no guidance.`}</span>
      )}
    </>
  );
}

export function GuidanceSettings(): ReactNode {
  return (
    <section className="group" aria-label="Guidance">
      <h2>Guidance</h2>
      <div className="guidance">
        {sideNames.map((side) => (
          <SideGuidance key={side} side={side} />
        ))}
      </div>
      <NegativePrompt />
    </section>
  );
}
