/** A second prompt or a second seed, and how far the picture is on the way to it. */
import { type ReactNode, useState } from 'react';
import {
  Input,
  Label,
  NumberField,
  Radio,
  RadioGroup,
  Slider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  TextField,
} from 'react-aria-components';
import { promptLimit, seedRange } from '../../state/settings.ts';
import { useActions, useStudio } from '../studio-context.tsx';

type Blended = 'seeds' | 'prompts';

const percent: Intl.NumberFormatOptions = { style: 'percent' };
const plainDigits: Intl.NumberFormatOptions = { useGrouping: false, maximumFractionDigits: 0 };

function WeightSlider({
  label,
  weight,
  onChange,
}: {
  label: string;
  weight: number;
  onChange: (weight: number) => void;
}): ReactNode {
  return (
    <Slider
      className="slider with-value"
      minValue={0}
      maxValue={1}
      step={0.01}
      value={weight}
      formatOptions={percent}
      onChange={(value) => onChange(value as number)}
    >
      <Label className="visually-hidden">{label}</Label>
      <SliderTrack className="slider-track" onDoubleClick={() => onChange(0)}>
        <span className="slider-fill" style={{ inlineSize: `${100 * weight}%` }} />
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
      <SliderOutput className="numbers" />
    </Slider>
  );
}

function SeedBlend(): ReactNode {
  const blend = useStudio((state) => state.settings.seedBlend);
  const { change } = useActions();
  return (
    <>
      <WeightSlider
        label="Blend of seeds"
        weight={blend.weight}
        onChange={(weight) => change({ seedBlend: { ...blend, weight } })}
      />
      <NumberField
        className="number-field"
        value={blend.seed}
        minValue={seedRange.minimum}
        maxValue={seedRange.maximum}
        formatOptions={plainDigits}
        onChange={(seed) => Number.isNaN(seed) || change({ seedBlend: { ...blend, seed } })}
      >
        <div className="field">
          <Label>Second seed</Label>
          <Input />
        </div>
      </NumberField>
    </>
  );
}

function PromptBlend(): ReactNode {
  const blend = useStudio((state) => state.settings.promptBlend);
  const { change } = useActions();
  return (
    <>
      <WeightSlider
        label="Blend of prompts"
        weight={blend.weight}
        onChange={(weight) => change({ promptBlend: { ...blend, weight } })}
      />
      <TextField
        className="text-field"
        value={blend.prompt}
        maxLength={promptLimit}
        onChange={(prompt) => change({ promptBlend: { ...blend, prompt } })}
      >
        <div className="field">
          <Label>Toward</Label>
          <Input placeholder="a banana" autoComplete="off" />
        </div>
      </TextField>
    </>
  );
}

export function BlendSettings(): ReactNode {
  const [blended, setBlended] = useState<Blended>('seeds');
  const other = useStudio(({ settings: { promptBlend, seedBlend } }) =>
    blended === 'seeds' ? promptBlend.weight : seedBlend.weight,
  );
  const live = useStudio((state) => state.live.on);
  return (
    <section className="group blend" aria-label="Blend">
      <div className="group-head">
        <h2>Blend</h2>
        <RadioGroup
          className="segmented"
          orientation="horizontal"
          aria-label="Blend of"
          value={blended}
          onChange={(value) => setBlended(value as Blended)}
        >
          <div className="segments">
            <Radio value="seeds">Seeds</Radio>
            <Radio value="prompts">Prompts</Radio>
          </div>
        </RadioGroup>
      </div>
      {blended === 'seeds' ? <SeedBlend /> : <PromptBlend />}
      {other > 0 && (
        <p className="note">
          {blended === 'seeds' ? 'Prompts' : 'Seeds'} are blended too, at {Math.round(100 * other)}%.
        </p>
      )}
      {!live && <p className="note">With Live on, the one-step picture follows the slider.</p>}
    </section>
  );
}
