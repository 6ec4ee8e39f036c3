/** The page's JavaScript before the engine: what index.html loads without being asked. After `npm run build`. */
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('dist/.vite/manifest.json', import.meta.url), 'utf8'));

/** A chunk and everything that it imports statically. */
function firstLoad(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const imported of manifest[name].imports ?? []) firstLoad(imported, seen);
  return seen;
}

export default [
  {
    name: 'first load',
    path: [...firstLoad('index.html')].map((name) => `dist/${manifest[name].file}`),
    limit: '170 kB',
    gzip: true,
  },
];
