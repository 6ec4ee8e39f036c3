/**
 * `npm ci` must work from a fresh clone on every platform. npm leaves out other platforms' packages when it
 * writes the lockfile over existing modules, and only a clean install notices: so npm is asked, without one.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './install-modules.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lockfile-'));
for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
  copyFileSync(join(root, file), join(folder, file));
}
const { status, stdout, stderr } = spawnSync('npm', ['ci', '--dry-run', '--offline'], {
  cwd: folder,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
rmSync(folder, { recursive: true });
if (status !== 0) {
  process.stderr.write(`${stderr}${stdout}`);
  process.stderr.write('Write package-lock.json anew, where no node_modules is: npm install in a copy.\n');
  process.exit(1);
}
