/** The '?' sheet: every key, and the switch that turns single letters off. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, Switch } from 'react-aria-components';
import { useActions, useStudio } from '../studio-context.tsx';

const keys: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['/'], 'Focus the prompt'],
  [['Enter'], 'Draw'],
  [['Esc'], 'Cancel, close'],
  [['↑'], 'In the prompt: an earlier one'],
  [['L'], 'Live'],
  [['1', '2', '3', '4'], 'Pair, slider, blink, difference'],
  [['+', '−', '0'], 'Closer, further, whole picture'],
  [['X'], 'Swap A and B'],
  [['R'], 'Next seed'],
  [['Shift', 'R'], 'Random seed'],
  [['Space'], 'Play or pause the trajectory'],
  [['←', '→'], 'Step the playhead'],
  [['S'], 'Step sweep'],
  [['T'], 'Light or dark'],
  [['?'], 'This sheet'],
];

interface KeysSheetProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function KeysSheet({ isOpen, onOpenChange }: KeysSheetProps): ReactNode {
  const letterKeys = useStudio((state) => state.settings.letterKeys);
  const { change } = useActions();
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="dialog">
        <Dialog data-modal className="keys-sheet">
          <header>
            <Heading slot="title">Keys</Heading>
            <Button slot="close" className="button icon" aria-label="Close">
              <X className="glyph" aria-hidden="true" />
            </Button>
          </header>
          <dl>
            {keys.map(([combination, does]) => (
              <div key={does}>
                <dt>
                  {combination.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <Switch className="switch" isSelected={letterKeys} onChange={(on) => change({ letterKeys: on })}>
            <span className="switch-track" aria-hidden="true" />
            Single-key shortcuts
          </Switch>
          <p className="note">Single keys are off while a text field has focus.</p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
