/** Vite plugin: builds `sw.js` beside the page, after it, with the list of what it keeps. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

/** Scripts, styles and the fonts that English needs; the runtime is kept later, the models are not named here. */
const kept =
  /^(?:index\.html|manifest\.webmanifest|icon[\w-]*\.(?:svg|png)|assets\/.+\.(?:m?js|css|woff2?))$/u;
const runtime = /^assets\/ort-wasm.+\.(?:wasm|mjs)$/u;
/** Vite's own names tell their content. */
const named = /^assets\//u;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

const revisionOf = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);

export function serviceWorker(): Plugin {
  let outDir = '';
  let root = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      outDir = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) outDir = config.build.outDir;
    },
    async closeBundle(error?: Error) {
      // Called after a build that failed, too: its own error is the one to read.
      if (error !== undefined || !existsSync(join(outDir, 'index.html'))) return;
      const files = filesOf(outDir);
      const precached = files
        .filter((file) => kept.test(file) && !runtime.test(file))
        .map((url) => ({ url, revision: named.test(url) ? null : revisionOf(join(outDir, url)) }));
      await build({
        configFile: false,
        root,
        logLevel: 'warn',
        publicDir: false,
        define: {
          precachedFiles: JSON.stringify(precached),
          runtimeFiles: JSON.stringify(files.filter((file) => runtime.test(file))),
          'process.env.NODE_ENV': '"production"',
        },
        build: {
          target: 'es2022',
          outDir,
          emptyOutDir: false,
          copyPublicDir: false,
          rolldownOptions: {
            input: join(import.meta.dirname, 'src/service-worker/service-worker.ts'),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      });
    },
  };
}
