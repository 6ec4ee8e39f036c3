/** Copies text and says so in place. */
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';

const saysSoMs = 1600;

export function CopyButton({ text, children }: { text: () => string; children: ReactNode }): ReactNode {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'Not allowed here'>('');
  useEffect(() => {
    if (outcome === '') return;
    const timer = setTimeout(() => setOutcome(''), saysSoMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setOutcome('Copied'),
      () => setOutcome('Not allowed here'),
    );
  };
  return (
    <Button className="button" onPress={copy}>
      <span aria-live="polite">{outcome === '' ? children : outcome}</span>
    </Button>
  );
}
