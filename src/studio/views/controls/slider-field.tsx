/** A number by a slider, and typed beside it. */
import type { ReactNode } from 'react';
import { Input, NumberField, Slider, SliderThumb, SliderTrack } from 'react-aria-components';

interface SliderFieldProps {
  readonly sliderLabel: string;
  readonly fieldLabel: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly stepSize: number;
  readonly digits: Intl.NumberFormatOptions;
  readonly value: number;
  /** NaN for an emptied field. */
  readonly onChange: (value: number) => void;
  /** A double click on the track. */
  readonly onReset: () => void;
}

export function SliderField(props: SliderFieldProps): ReactNode {
  const { sliderLabel, fieldLabel, minimum, maximum, stepSize, digits, value, onChange, onReset } = props;
  const range = {
    minValue: minimum,
    maxValue: maximum,
    step: stepSize,
    formatOptions: digits,
    value,
    onChange,
  };
  const share = (value - minimum) / Math.max(maximum - minimum, stepSize);
  return (
    <>
      <Slider className="slider" aria-label={sliderLabel} {...range}>
        <SliderTrack className="slider-track" onDoubleClick={onReset}>
          <span className="slider-fill" style={{ inlineSize: `${100 * share}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <NumberField className="number-field" aria-label={fieldLabel} {...range}>
        <div className="field narrow">
          <Input />
        </div>
      </NumberField>
    </>
  );
}
