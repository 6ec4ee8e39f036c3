/** Prompts to begin with; picking one draws it. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { examplePrompts } from '../../words/example-prompts.ts';
import { useActions, useStudio } from '../studio-context.tsx';

export function ExamplePrompts(): ReactNode {
  const prompt = useStudio((state) => state.settings.prompt);
  const failed = useStudio((state) => state.engine.status === 'failed');
  const { drawPrompt } = useActions();
  return (
    <section className="group examples" aria-label="Examples">
      <h2>Try one</h2>
      <ul>
        {examplePrompts.map((example) => (
          <li key={example}>
            <Button
              className="chip"
              isDisabled={failed}
              {...(example === prompt ? { 'aria-current': 'true' as const } : {})}
              onPress={() => drawPrompt(example)}
            >
              {example}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
