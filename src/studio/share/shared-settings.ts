/** Share links that the page is opened with, or that are followed while it is open. */
import { hrefOf, parsePlace } from '../../route.ts';
import type { Settings } from '../state/settings.ts';
import { readShareParameters } from './share-link.ts';

/** What a link asks for; its seed is kept from the next draw on. null = the hash shares nothing. */
export function sharedSettings(hash: string): Partial<Settings> | null {
  const { route, parameters } = parsePlace(hash);
  const shared = route === 'studio' ? readShareParameters(parameters) : null;
  return shared && { ...shared, seedLocked: true };
}

/** The address without the settings, once they are taken over: a reload must not undo what was changed since. */
export function forgetSharedHash(): void {
  history.replaceState(null, '', hrefOf('studio'));
}

/** Takes over every shared hash that the page comes to. @returns ends that */
export function followShareLinks(takeOver: (shared: Partial<Settings>) => void): () => void {
  const onHash = (): void => {
    const shared = sharedSettings(location.hash);
    if (shared === null) return;
    forgetSharedHash();
    takeOver(shared);
  };
  window.addEventListener('hashchange', onHash);
  return () => window.removeEventListener('hashchange', onHash);
}
