/** A Chromium for the tests: the one named by CHROMIUM, the system's, playwright's; else one is installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Path of an installed Chromium; undefined where there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const system = systemNames.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (system) return system;
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}

/** Like {@link findChromium}, installing one where there is none. @throws Error saying what to do */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found) return found;
  process.stderr.write('No Chromium here: trying playwright, then the Debian package ...\n');
  const run = (command, ...options) => spawnSync(command, options, { stdio: ['ignore', 2, 2] }).status === 0;
  if (!run('npx', 'playwright', 'install', 'chromium') && process.getuid?.() === 0) {
    if (run('apt-get', 'update')) run('apt-get', 'install', '-y', 'chromium');
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error('No Chromium could be found or installed: install one, or name its path in CHROMIUM.');
}
