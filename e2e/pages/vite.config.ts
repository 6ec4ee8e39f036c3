/** Builds the test-only pages, which run single parts of the engine through the app's own runtime. Never in dist/. */
import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vite';
import { engineBuild } from '../../vite-engine.ts';
import { modelFiles } from '../../vite-model-files.ts';

const here = import.meta.dirname;

/** Reference cases: configs, weights and recorded tensors. */
const cases = modelFiles({
  folder: join(here, '../../fixtures/reference'),
  base: '/cases/',
  wanted: (path) => /\.(json|safetensors)$/u.test(path),
});

export default defineConfig(
  mergeConfig(engineBuild, {
    root: here,
    publicDir: false,
    plugins: [cases],
    build: {
      outDir: join(here, '../../.cache/e2e-pages'),
      emptyOutDir: true,
      rollupOptions: { input: [join(here, 'engine.html'), join(here, 'store.html')] },
    },
  }),
);
