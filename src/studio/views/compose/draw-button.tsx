/** Draw turns into Cancel in place while drawing. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useActions, useStudio } from '../studio-context.tsx';

export function DrawButton({ onDraw }: { onDraw: () => void }): ReactNode {
  const drawing = useStudio((state) => state.run !== null);
  const failed = useStudio((state) => state.engine.status === 'failed');
  const { cancel } = useActions();
  // One element for both, so that focus and the reader's pointer stay where they are.
  return (
    <Button
      className={`button big ${drawing ? 'line' : 'fill'} draw-button`}
      isDisabled={failed && !drawing}
      onPress={drawing ? cancel : onDraw}
    >
      {drawing ? 'Cancel' : 'Draw both'}
      <span className="key" aria-hidden="true">
        {drawing ? 'Esc' : '↵'}
      </span>
    </Button>
  );
}
