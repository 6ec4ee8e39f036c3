/** The runtime's files as this build serves them: same origin, names that tell their content. */
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import type { OrtAssets } from './ort-environment.ts';

/** As absolute addresses: the loader resolves them from a worker. */
export const ortAssets: OrtAssets = {
  mjs: new URL(mjs, import.meta.url).href,
  wasm: new URL(wasm, import.meta.url).href,
};
