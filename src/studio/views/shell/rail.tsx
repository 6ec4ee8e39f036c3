/** The rail of every page: mark, ways between pages, what the page adds, theme, keys. */
import { Contrast, Keyboard } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useActions, useStudio } from '../studio-context.tsx';
import { Mark } from './mark.tsx';
import { Navigation } from './navigation.tsx';
import { useResolvedTheme } from './theme.ts';

export function useThemeSwitch(): () => void {
  const theme = useResolvedTheme(useStudio((state) => state.settings.theme));
  const { change } = useActions();
  return () => change({ theme: theme === 'dark' ? 'light' : 'dark' });
}

interface RailProps {
  /** Missing = the page has no keys of its own. */
  readonly onShowKeys?: () => void;
  /** Stands between the pages and the theme. */
  readonly children?: ReactNode;
}

export function Rail({ onShowKeys, children }: RailProps): ReactNode {
  const switchTheme = useThemeSwitch();
  return (
    <header className="rail">
      <h1>
        <Mark />
        <span>InstaFlow Studio</span>
      </h1>
      <Navigation />
      {children}
      <Button className="rail-button" onPress={switchTheme}>
        <Contrast className="glyph large" aria-hidden="true" />
        Theme
      </Button>
      {onShowKeys && (
        <Button className="rail-button keys-button" onPress={onShowKeys}>
          <Keyboard className="glyph large" aria-hidden="true" />
          Keys
        </Button>
      )}
    </header>
  );
}
