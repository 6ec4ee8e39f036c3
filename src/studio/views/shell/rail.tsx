/** The rail, the same on every page: mark, ways between pages, models, engine, theme, keys. */
import { Contrast, Cpu, Keyboard } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { hrefOf, useRoute } from '../../../route.ts';
import { EnginePlace } from '../engine/engine-place.tsx';
import { EnginePanel, KeysSheet } from '../lazy-views.tsx';
import { ModelsButton } from '../models/models-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';
import { DeferredDialog, Optional } from './deferred.tsx';
import { Mark } from './mark.tsx';
import { Navigation } from './navigation.tsx';
import { useShortcuts } from './shortcuts.ts';
import { useResolvedTheme } from './theme.ts';

function useThemeSwitch(): () => void {
  const theme = useResolvedTheme(useStudio((state) => state.settings.theme));
  const { change } = useActions();
  return () => change({ theme: theme === 'dark' ? 'light' : 'dark' });
}

/** In the studio the engine is looked at beside the pictures; from elsewhere the way leads to its page. */
function EngineWay(): ReactNode {
  const route = useRoute();
  if (route === 'studio') {
    return (
      <Optional fallback={<EnginePlace />}>
        <EnginePanel />
      </Optional>
    );
  }
  return (
    <a
      className="rail-button engine-button"
      href={hrefOf('engine')}
      aria-current={route === 'engine' ? 'page' : undefined}
    >
      <Cpu className="glyph large" aria-hidden="true" />
      <span className="rail-label">Engine</span>
    </a>
  );
}

export function Rail(): ReactNode {
  const switchTheme = useThemeSwitch();
  const [keysShown, showKeys] = useState(false);
  useShortcuts({ switchTheme, showKeys: () => showKeys(true) });
  return (
    <header className="rail">
      <h1>
        <Mark />
        <span>InstaFlow Studio</span>
      </h1>
      <Navigation />
      <ModelsButton />
      <EngineWay />
      <Button className="rail-button theme-button" onPress={switchTheme}>
        <Contrast className="glyph large" aria-hidden="true" />
        <span className="rail-label">Theme</span>
      </Button>
      <Button className="rail-button keys-button" onPress={() => showKeys(true)}>
        <Keyboard className="glyph large" aria-hidden="true" />
        Keys
      </Button>
      {keysShown && (
        <DeferredDialog name="The list of keys" onClose={() => showKeys(false)}>
          <KeysSheet isOpen onOpenChange={showKeys} />
        </DeferredDialog>
      )}
    </header>
  );
}
