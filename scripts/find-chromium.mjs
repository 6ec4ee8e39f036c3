/** A Chromium for the tests: the one named by CHROMIUM, the system's, playwright's; else one is installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/**
 * Path of an installed Chromium that starts; undefined where there is none.
 * @throws Error when CHROMIUM names something that isn't there
 */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM is '${named}', where no file is: correct it, or unset it.`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const system = systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...system, chromium.executablePath()].find((path) => existsSync(path) && starts(path));
}

/** Like {@link findChromium}, installing one where there is none. @throws Error saying what to do */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  const run = (command, ...options) => spawnSync(command, options, { stdio: ['ignore', 2, 2] }).status === 0;
  process.stderr.write("No Chromium here: installing playwright's ...\n");
  run('npx', 'playwright', 'install', 'chromium');
  let installed = findChromium();
  if (!installed && isRoot) {
    process.stderr.write("That gave none that starts: installing Debian's package ...\n");
    if (run('apt-get', 'update')) run('apt-get', 'install', '-y', 'chromium');
    installed = findChromium();
  }
  if (installed) return installed;
  throw new Error('No Chromium could be found or installed: install one, or name its path in CHROMIUM.');
}

/** Not every file of that name does: Ubuntu's asks for a snap, playwright's may lack the system's libraries. */
function starts(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
}
