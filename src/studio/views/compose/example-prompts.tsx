/** Prompts to begin with, and some that go wrong; picking one draws it. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { examplePrompts, hardPrompts } from '../../words/example-prompts.ts';
import { useActions, useStudio } from '../studio-context.tsx';

function ExampleChip({ prompt, why }: { prompt: string; why?: string }): ReactNode {
  const current = useStudio((state) => state.settings.prompt === prompt);
  const failed = useStudio((state) => state.engine.status === 'failed');
  const { drawPrompt } = useActions();
  return (
    <li>
      <Button
        className="chip"
        isDisabled={failed}
        {...(current ? { 'aria-current': 'true' as const } : {})}
        {...(why === undefined ? {} : { 'aria-description': why })}
        onPress={() => drawPrompt(prompt)}
      >
        <span className="truncate">{prompt}</span>
      </Button>
    </li>
  );
}

export function ExamplePrompts(): ReactNode {
  return (
    <section className="group examples" aria-label="Examples">
      <h2>Try one</h2>
      <ul>
        {examplePrompts.map((prompt) => (
          <ExampleChip key={prompt} prompt={prompt} />
        ))}
      </ul>
      <h3>Too much to ask, and shown for it</h3>
      <ul>
        {hardPrompts.map(({ prompt, why }) => (
          <ExampleChip key={prompt} prompt={prompt} why={why} />
        ))}
      </ul>
    </section>
  );
}
