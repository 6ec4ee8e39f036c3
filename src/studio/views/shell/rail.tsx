/** The rail: mark, engine, theme, keys. Later views get their place between mark and engine. */
import { Contrast, Keyboard } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { EnginePanel } from '../engine/engine-panel.tsx';
import { useActions, useStudio } from '../studio-context.tsx';
import { Mark } from './mark.tsx';
import { useResolvedTheme } from './theme.ts';

export function useThemeSwitch(): () => void {
  const theme = useResolvedTheme(useStudio((state) => state.settings.theme));
  const { change } = useActions();
  return () => change({ theme: theme === 'dark' ? 'light' : 'dark' });
}

export function Rail({ onShowKeys }: { onShowKeys: () => void }): ReactNode {
  const switchTheme = useThemeSwitch();
  return (
    <header className="rail">
      <h1>
        <Mark />
        <span>InstaFlow Studio</span>
      </h1>
      <EnginePanel />
      <Button className="rail-button" onPress={switchTheme}>
        <Contrast className="glyph large" aria-hidden="true" />
        Theme
      </Button>
      <Button className="rail-button keys-button" onPress={onShowKeys}>
        <Keyboard className="glyph large" aria-hidden="true" />
        Keys
      </Button>
    </header>
  );
}
