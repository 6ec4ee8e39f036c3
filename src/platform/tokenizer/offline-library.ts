/** @xenova/transformers, kept from the network and from the settings it shares with onnxruntime-web. */
import { CLIPTokenizer, env } from '@xenova/transformers';

env.allowRemoteModels = false;
env.allowLocalModels = false;
env.useBrowserCache = false;
env.useFSCache = false;
env.useWasmCache = false;

// On import the library points onnxruntime-web's WASM at a CDN unless somebody chose a place before
// (4.3.1, src/backends/onnx.js). That object is the one our runtime reads, so the choice is taken back.
const wasm: { wasmPaths?: unknown } | undefined = env.backends.onnx.wasm;
if (wasm && /^https?:\/\/cdn\./u.test(JSON.stringify(wasm.wasmPaths)?.match(/https?:[^"]+/u)?.[0] ?? '')) {
  delete wasm.wasmPaths;
}

export { CLIPTokenizer };
