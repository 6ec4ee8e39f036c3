/** Guidance of both sides: a slider whose value can be typed where the model takes it, the reason where not. */
import type { ReactNode } from 'react';
import { Input, NumberField, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import type { ModelDescriptor } from '../../../engine/pipeline/model.ts';
import { type SideName, sideNames } from '../../state/side.ts';
import { guidanceOf, modelOfSide } from '../../state/side-models.ts';
import { SideBadge } from '../controls/side-badge.tsx';
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
  const share = (value - range.minimum) / Math.max(range.maximum - range.minimum, stepSize);
  return (
    <>
      <Slider
        className="slider"
        aria-label={`Guidance of side ${side.toUpperCase()}`}
        minValue={range.minimum}
        maxValue={range.maximum}
        step={stepSize}
        value={value}
        formatOptions={digits}
        onChange={set}
      >
        <SliderTrack className="slider-track" onDoubleClick={() => changeSide(side, { guidance: null })}>
          <span className="slider-fill" style={{ inlineSize: `${100 * share}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <NumberField
        className="number-field"
        aria-label={fieldNames[side]}
        value={value}
        minValue={range.minimum}
        maxValue={range.maximum}
        step={stepSize}
        formatOptions={digits}
        onChange={set}
      >
        <div className="field narrow">
          <Input />
        </div>
      </NumberField>
    </>
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
