/** Guidance of both sides: a slider whose value can be typed where the model takes it, the reason where not. */
import type { ReactNode } from 'react';
import { Input, NumberField, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import type { ModelDescriptor } from '../../../engine/pipeline/model.ts';
import { guidanceOf } from '../../state/draw-plan.ts';
import { comparedModels } from '../../state/engine.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

const stepSize = 0.1;
const digits: Intl.NumberFormatOptions = { minimumFractionDigits: 1, maximumFractionDigits: 2 };

function GuidanceSlider({ model }: { model: ModelDescriptor }): ReactNode {
  const settings = useStudio((state) => state.settings);
  const { change } = useActions();
  const range = model.guidance ?? { minimum: 1, maximum: 1, initial: 1 };
  const value = guidanceOf(settings, model);
  const set = (guidance: number): void => change({ guidance: Number.isNaN(guidance) ? null : guidance });
  const share = (value - range.minimum) / Math.max(range.maximum - range.minimum, stepSize);
  return (
    <>
      <Slider
        className="slider"
        aria-label="Guidance of side B"
        minValue={range.minimum}
        maxValue={range.maximum}
        step={stepSize}
        value={value}
        formatOptions={digits}
        onChange={set}
      >
        <SliderTrack className="slider-track" onDoubleClick={() => change({ guidance: null })}>
          <span className="slider-fill" style={{ inlineSize: `${100 * share}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <NumberField
        className="number-field"
        aria-label="Guidance"
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

const noGuidance = (model: ModelDescriptor): string => `None. ${model.title} takes no guidance.`;

export function GuidanceSettings(): ReactNode {
  const models = useStudio((state) => state.engine.models);
  const { a, b } = comparedModels(models);
  return (
    <section className="group" aria-label="Guidance">
      <h2>Guidance</h2>
      <div className="guidance">
        <SideBadge side="a" />
        <span className="quiet wide">{a === null ? '–' : noGuidance(a)}</span>
        <SideBadge side="b" />
        {b?.guidance ? (
          <GuidanceSlider model={b} />
        ) : (
          <span className="quiet wide">{b === null ? '–' : noGuidance(b)}</span>
        )}
      </div>
    </section>
  );
}
