/** The greeting of the first visit; closing it is remembered. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../controls/icon-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

export function Welcome(): ReactNode {
  const greeted = useStudio((state) => state.settings.greeted);
  const { change } = useActions();
  if (greeted) return null;
  return (
    <section className="group welcome" aria-label="Welcome">
      <div className="group-head">
        <h2>One step, right here</h2>
        <IconButton icon={X} label="Close the greeting" onPress={() => change({ greeted: true })} />
      </div>
      <p>
        This pair is drawn by a small model that comes with the page: once in a single step, once in many,
        from the same noise. Nothing you type leaves the browser.
      </p>
    </section>
  );
}
