/** The runtime's files as this build serves them: same origin, names that tell their content. */
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import type { OrtAssets } from './ort-environment.ts';

/** As absolute addresses: the loader resolves them from a worker. */
const address = (url: string) => new URL(url, import.meta.url).href;

export const ortAssets: OrtAssets =
  'Suspending' in WebAssembly
    ? { build: 'jspi', mjs: address(jspiMjs), wasm: address(jspiWasm) }
    : { build: 'asyncify', mjs: address(asyncifyMjs), wasm: address(asyncifyWasm) };
