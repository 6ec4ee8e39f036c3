import { spawn } from 'node:child_process';
import { root } from './install-modules.mjs';

/**
 * Runs a command to its end. Its output is kept, and shown when it fails.
 * @returns {Promise<{ok: boolean, output: string}>}
 */
export function runStep(title, command, options = {}) {
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => parts.push(part));
    const end = (ok) => {
      const output = Buffer.concat(parts).toString();
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)\n`);
      if (!ok) process.stdout.write(`${output}\n`);
      resolve({ ok, output });
    };
    child.on('error', (error) => {
      parts.push(Buffer.from(String(error)));
      end(false);
    });
    child.on('close', (status) => end(status === 0));
  });
}
