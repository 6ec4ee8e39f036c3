/** A number that the laboratory depends on; what is out of range is said and not taken. */
import { type ReactNode, useState } from 'react';
import { FieldError, Input, Label, NumberField } from 'react-aria-components';

interface NumberSettingProps {
  readonly label: string;
  readonly value: number;
  readonly range: { readonly minimum: number; readonly maximum: number };
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

export function NumberSetting({ label, value, range, step = 1, onChange }: NumberSettingProps): ReactNode {
  const [typed, setTyped] = useState<number | null>(null);
  const shown = typed ?? value;
  const wrong = !(shown >= range.minimum && shown <= range.maximum);
  return (
    <NumberField
      className="number-field"
      value={shown}
      step={step}
      minValue={range.minimum}
      maxValue={range.maximum}
      commitBehavior="validate"
      formatOptions={{ useGrouping: false, maximumFractionDigits: step < 1 ? 2 : 0 }}
      isInvalid={wrong}
      onChange={(next) => {
        const sound = next >= range.minimum && next <= range.maximum;
        setTyped(sound ? null : next);
        if (sound && next !== value) onChange(next);
      }}
    >
      <div className="field">
        <Label>{label}</Label>
        <Input />
      </div>
      <FieldError className="field-error">
        {range.minimum} to {range.maximum}
      </FieldError>
    </NumberField>
  );
}
