/** Builds the page. What the end-to-end pages need too is in `vite-engine.ts`. */
import react from '@vitejs/plugin-react';
import { defineConfig, mergeConfig } from 'vite';
import { engineBuild, servedModels } from './vite-engine.ts';

export default defineConfig(mergeConfig(engineBuild, { plugins: [react(), servedModels()] }));
