/** Light and dark: the system's, or the reader's choice. Colours follow `color-scheme` (styles/tokens.css). */
import { useSyncExternalStore } from 'react';
import type { ThemeChoice } from '../../state/settings.ts';

const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  darkScheme.addEventListener('change', changed);
  return () => darkScheme.removeEventListener('change', changed);
}

/** What `choice` means on this system now. */
export function useResolvedTheme(choice: ThemeChoice): 'light' | 'dark' {
  const systemIsDark = useSyncExternalStore(subscribe, () => darkScheme.matches);
  if (choice !== 'system') return choice;
  return systemIsDark ? 'dark' : 'light';
}

export function applyTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}
