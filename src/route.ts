/**
 * Which page the address asks for: `#/`, `#/sweep`, `#/gallery`, `#/lab`, `#/engine`, `#/how`. What follows a `?` inside the
 * hash is the page's own state (a share link), so that nothing of it is ever sent to a server.
 */
import { useSyncExternalStore } from 'react';

export type Route = 'studio' | 'sweep' | 'gallery' | 'lab' | 'engine' | 'how';

export interface Place {
  readonly route: Route;
  /** The page's own state. */
  readonly parameters: URLSearchParams;
}

const paths: Readonly<Record<Route, string>> = {
  studio: '#/',
  sweep: '#/sweep',
  gallery: '#/gallery',
  lab: '#/lab',
  engine: '#/engine',
  how: '#/how',
};
const routes = Object.keys(paths) as Route[];

/** @param hash as in `location.hash`; an unknown path is the studio */
export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.split('?', 2);
  const route = routes.find((candidate) => paths[candidate] === path) ?? 'studio';
  return { route, parameters: new URLSearchParams(query) };
}

/** @returns what belongs into an anchor's `href`, or behind the page's address in a share link */
export function hrefOf(route: Route, parameters?: URLSearchParams): string {
  const query = parameters?.toString() ?? '';
  return query === '' ? paths[route] : `${paths[route]}?${query}`;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => parsePlace(location.hash).route);
}
