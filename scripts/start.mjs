/** npm start: installs what is missing, builds what has changed, serves the app and prints its address. */
import { join } from 'node:path';
import { installModules, root } from './install-modules.mjs';
import { newestChange } from './newest-change.mjs';

if (process.argv.length > 2) {
  process.stderr.write(`npm start takes no options, found ${process.argv.slice(2).join(' ')}. `);
  process.stderr.write('The port and the address are PORT and HOST: PORT=5000 npm start\n');
  process.exit(2);
}

installModules();
process.chdir(root);
const { build, preview } = await import('vite');

const sources = [
  'src',
  'public',
  'models',
  'examples',
  'index.html',
  'scripts/headers.mjs',
  'package-lock.json',
];
const configs = ['vite.config.ts', 'vite-engine.ts', 'vite-model-files.ts', 'vite-service-worker.ts'];
const built = newestChange([join(root, 'dist/index.html')]);
if (built < newestChange([...sources, ...configs].map((path) => join(root, path)))) {
  process.stderr.write('Building ...\n');
  await build({ logLevel: 'warn' });
}

// By number: 'localhost' may be ::1 alone, and then nobody answers at 127.0.0.1.
const host = process.env.HOST ?? '127.0.0.1';
/** Given by the caller, it is that or nothing; else the next free one after Vite's usual. */
const port = process.env.PORT ? Number(process.env.PORT) : undefined;
if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
  process.stderr.write(`PORT is '${process.env.PORT}', wanted a number from 1 to 65535.\n`);
  process.exit(2);
}
try {
  const server = await preview({
    logLevel: 'warn',
    preview: { port: port ?? 4173, strictPort: port !== undefined, host },
  });
  process.stdout.write(`InstaFlow Studio: ${server.resolvedUrls?.local[0] ?? `http://${host}:${port}/`}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
