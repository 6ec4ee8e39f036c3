/** One of a few, side by side. */
import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';

interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: Value, name: string])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

export function Segments<Value extends string>(props: SegmentsProps<Value>): ReactNode {
  return (
    <RadioGroup
      className="segmented"
      orientation="horizontal"
      value={props.value}
      onChange={(value) => props.onChange(value as Value)}
    >
      <Label className="visually-hidden">{props.label}</Label>
      <div className="segments">
        {props.options.map(([value, name]) => (
          <Radio key={value} value={value}>
            {name}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
