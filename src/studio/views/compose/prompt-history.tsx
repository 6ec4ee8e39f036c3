/** Earlier prompts, for those who don't know of the arrow up. */
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useActions, useStudio } from '../studio-context.tsx';

export function PromptHistory(): ReactNode {
  const history = useStudio((state) => state.settings.history);
  const { takeOver } = useActions();
  return (
    <MenuTrigger>
      <Button className="button icon" aria-label="Earlier prompts" isDisabled={history.length === 0}>
        <ChevronDown className="glyph" aria-hidden="true" />
      </Button>
      <Popover className="popover choice-list" placement="bottom end">
        <Menu aria-label="Earlier prompts">
          {history.map((prompt) => (
            <MenuItem key={prompt} textValue={prompt} onAction={() => takeOver({ prompt })}>
              <span className="truncate">{prompt}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
