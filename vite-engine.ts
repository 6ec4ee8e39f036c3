/** The part of the build that any page around the engine's worker needs. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultClientConditions, type Plugin, type UserConfig } from 'vite';
import { pageHeaders } from './scripts/headers.mjs';
import { modelFiles } from './vite-model-files.ts';

/** Vite's dev client brings inline scripts, inline styles and a socket, so its policy is looser. */
const developmentHeaders = {
  ...pageHeaders,
  'Content-Security-Policy': [
    "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' data: blob:",
    "connect-src 'self' ws: data: blob: https: http://127.0.0.1:* http://localhost:*",
  ].join('; '),
};

/**
 * onnxruntime-web comes in several builds: a page loads one of the two that serve WebGPU and WASM alike
 * (docs/decisions/2026-11-24-two-builds.md), without its loader inlined, so that threads start from the loader and
 * not from our worker. transformers.js names the same package by other names.
 */
export const engineBuild: UserConfig = {
  // No page in place of a missing file: a 404 is a 404.
  appType: 'mpa',
  resolve: {
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    alias: [{ find: /^onnxruntime-(web|common)$/u, replacement: 'onnxruntime-web/webgpu' }],
  },
  worker: { format: 'es' },
  // What only the worker imports is found late, and the dev page would reload for it.
  optimizeDeps: {
    include: [
      '@bufbuild/protobuf',
      '@bufbuild/protobuf/codegenv2',
      '@xenova/transformers',
      'onnxruntime-web/webgpu',
      'onnxruntime-web/jspi',
    ],
  },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { headers: developmentHeaders },
  preview: { headers: pageHeaders },
};

const modelsFolder = join(import.meta.dirname, 'models');

/** The embedded models: the catalogue, the component folders that it names, and the models' own indexes. */
export function servedModels(): Plugin {
  const catalogue = JSON.parse(readFileSync(join(modelsFolder, 'catalog.json'), 'utf8')) as {
    models: { components: Record<string, string> }[];
  };
  const folders = catalogue.models.flatMap(({ components }) => Object.values(components));
  const wanted = new Set(['catalog.json', ...folders.map((folder) => `${dirname(folder)}/model_index.json`)]);
  return modelFiles({
    folder: modelsFolder,
    base: '/models/',
    wanted: (path) => wanted.has(path) || folders.some((folder) => path.startsWith(`${folder}/`)),
  });
}
