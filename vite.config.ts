/** Builds the page. What the end-to-end pages need too is in `vite-engine.ts`. */
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, mergeConfig } from 'vite';
import { engineBuild, servedModels } from './vite-engine.ts';

/** The page speaks English: React Aria's words in thirty other languages would be a tenth of its first load. */
const englishOnly = { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' as const };

export default defineConfig(mergeConfig(engineBuild, { plugins: [react(), englishOnly, servedModels()] }));
