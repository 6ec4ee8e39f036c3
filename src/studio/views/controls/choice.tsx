/** One of several, in a list that opens. */
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

export interface ChoiceOption {
  readonly id: string;
  readonly name: string;
  /** A second, quieter line. */
  readonly note?: string;
}

interface ChoiceProps {
  /** The accessible name. */
  readonly label: string;
  /** Whether the name stands before the value; else it is for screen readers alone. */
  readonly labelShown?: boolean;
  readonly options: readonly ChoiceOption[];
  /** null = none of the options: `placeholder` is shown. */
  readonly value: string | null;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** 'bare' stands in a line of text, 'field' in a form. */
  readonly look?: 'bare' | 'field';
  readonly onChange: (id: string) => void;
}

export function Choice({
  label,
  labelShown = false,
  options,
  value,
  placeholder = '–',
  isDisabled = false,
  look = 'field',
  onChange,
}: ChoiceProps): ReactNode {
  return (
    <Select
      className={`choice ${look}-choice`}
      value={value}
      placeholder={placeholder}
      isDisabled={isDisabled}
      onChange={(id) => id !== null && onChange(String(id))}
    >
      <Label className={labelShown ? '' : 'visually-hidden'}>{label}</Label>
      <Button className="choice-button">
        <SelectValue className="truncate">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <ChevronDown className="glyph small" aria-hidden="true" />
      </Button>
      <Popover className="popover choice-list" offset={4}>
        <ListBox items={options}>
          {({ id, name, note }) => (
            <ListBoxItem id={id} textValue={name}>
              <span>
                {name}
                {note !== undefined && <small>{note}</small>}
              </span>
              <Check className="glyph small" aria-hidden="true" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
