import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When the newest file at or below the paths was changed, ms since 1970; 0 where there is none. */
export function newestChange(paths) {
  return paths.reduce((newest, path) => Math.max(newest, changeOf(path)), 0);
}

function changeOf(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return newestChange(readdirSync(path).map((name) => join(path, name)));
}
