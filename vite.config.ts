/** Builds the page. What the end-to-end pages need too is in `vite-engine.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, mergeConfig, type Plugin } from 'vite';
import { engineBuild, servedModels } from './vite-engine.ts';
import { serviceWorker } from './vite-service-worker.ts';

/** The page speaks English: React Aria's words in thirty other languages would be a tenth of its first load. */
const englishOnly = { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' as const };

/** The engine on another page, as it stands in examples/: part of the build, so that it is tried with it. */
const embedExample: Plugin = {
  name: 'embed-example',
  apply: 'build',
  generateBundle() {
    for (const file of ['index.html', 'embed.js']) {
      const fileName = `examples/embed/${file}`;
      this.emitFile({
        type: 'asset',
        fileName,
        source: readFileSync(join(import.meta.dirname, fileName)),
      });
    }
  },
};

export default defineConfig(
  mergeConfig(engineBuild, {
    // Every address is relative: the folder works under any path.
    base: './',
    plugins: [react(), englishOnly, servedModels(), embedExample, serviceWorker()],
    build: {
      // What is loaded first: .size-limit.mjs reads it.
      manifest: true,
      rolldownOptions: {
        input: {
          index: join(import.meta.dirname, 'index.html'),
          engine: join(import.meta.dirname, 'src/embed.ts'),
        },
        // `engine.js` is imported by other pages, by that name.
        preserveEntrySignatures: 'exports-only',
        output: {
          entryFileNames: ({ name }: { name: string }) =>
            name === 'engine' ? 'engine.js' : 'assets/[name]-[hash].js',
        },
      },
    },
  }),
);
