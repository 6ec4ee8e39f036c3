/** The '?' sheet: every key, and the switch that turns single letters off. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, Switch } from 'react-aria-components';
import { useActions, useStudio } from '../studio-context.tsx';

type Key = readonly [keys: readonly string[], does: string];

const pages: readonly { readonly title: string; readonly keys: readonly Key[] }[] = [
  {
    title: 'Studio',
    keys: [
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
    ],
  },
  {
    title: 'Step sweep',
    keys: [
      [['/'], 'Focus the prompt'],
      [['Enter'], 'Draw the sweep'],
      [['Esc'], 'Stop'],
      [['←', '→', '↑', '↓'], 'From picture to picture'],
      [['A', 'B'], 'Make the picture that side'],
    ],
  },
  {
    title: 'Everywhere',
    keys: [
      [['T'], 'Light or dark'],
      [['?'], 'This sheet'],
    ],
  },
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
      <Modal className="dialog wide">
        <Dialog data-modal className="keys-sheet">
          <header>
            <Heading slot="title">Keys</Heading>
            <Button slot="close" className="button icon" aria-label="Close">
              <X className="glyph" aria-hidden="true" />
            </Button>
          </header>
          <div className="keys-pages">
            {pages.map(({ title, keys }) => (
              <section key={title} aria-label={title}>
                <h3>{title}</h3>
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
              </section>
            ))}
          </div>
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
