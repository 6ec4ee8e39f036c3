/** Tracked files must fit a small transfer: 60 MiB in all. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install-modules.mjs';

const limitBytes = 60 * 1024 * 1024;

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(Boolean);
const sized = files.map((file) => {
  const path = join(root, file);
  return { file, sizeBytes: existsSync(path) ? statSync(path).size : 0 };
});
const totalBytes = sized.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
if (totalBytes > limitBytes) {
  process.stderr.write(`Tracked files take ${totalBytes} bytes, the limit is ${limitBytes}. The largest:\n`);
  for (const { file, sizeBytes } of sized.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, 10)) {
    process.stderr.write(`${sizeBytes} ${file}\n`);
  }
  process.exit(1);
}
