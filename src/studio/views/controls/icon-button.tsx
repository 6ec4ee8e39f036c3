/** An icon that acts, with its name in a tooltip. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, ToggleButton, Tooltip, TooltipTrigger } from 'react-aria-components';

const tooltipDelayMs = 400;

interface IconButtonProps {
  readonly icon: LucideIcon;
  /** The accessible name. */
  readonly label: string;
  /** A sentence or a key, for the tooltip; missing = the label. */
  readonly hint?: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

export function IconButton({
  icon: Icon,
  label,
  hint,
  isDisabled = false,
  onPress,
}: IconButtonProps): ReactNode {
  return (
    <TooltipTrigger delay={tooltipDelayMs}>
      <Button className="button icon" aria-label={label} isDisabled={isDisabled} onPress={onPress}>
        <Icon className="glyph" aria-hidden="true" />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {hint ?? label}
      </Tooltip>
    </TooltipTrigger>
  );
}

interface IconToggleProps extends Omit<IconButtonProps, 'onPress'> {
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
}

export function IconToggle({ icon: Icon, label, hint, isSelected, onChange }: IconToggleProps): ReactNode {
  return (
    <TooltipTrigger delay={tooltipDelayMs}>
      <ToggleButton className="button icon" aria-label={label} isSelected={isSelected} onChange={onChange}>
        <Icon className="glyph" aria-hidden="true" />
      </ToggleButton>
      <Tooltip className="tooltip" offset={6}>
        {hint ?? label}
      </Tooltip>
    </TooltipTrigger>
  );
}
