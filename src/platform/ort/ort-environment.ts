/** Settings that onnxruntime-web reads once, when its WebAssembly starts: one per worker or process. */
import { loadOrtBuild, type OrtBuildName, ort } from './ort-build.ts';

/** A build of the runtime for browsers, and the addresses of its two files on this page's own origin. */
export interface OrtAssets {
  readonly build: Exclude<OrtBuildName, 'node'>;
  /** The loader, a JavaScript module; threads start from it too. */
  readonly mjs: string;
  readonly wasm: string;
}

export interface OrtEnvironment {
  /** Missing in Node, where the package finds its own files. */
  readonly assets?: OrtAssets | undefined;
  /** Threads of the CPU kernels, 1 or more; missing: half the processors, at most 4. */
  readonly threads?: number | undefined;
}

/**
 * Loads the runtime's JavaScript. Only the first call's build and threads count: WebAssembly has started by the second.
 * @throws whatever stops a module from loading
 */
export async function configureOrt({ assets, threads }: OrtEnvironment): Promise<void> {
  await loadOrtBuild(assets?.build ?? 'node');
  const { env } = ort();
  // transformers.js shares this object and points it at a CDN on import, so it is set here, right before use.
  if (assets) env.wasm.wasmPaths = { mjs: assets.mjs, wasm: assets.wasm };
  if (threads !== undefined && env.wasm.numThreads === undefined) env.wasm.numThreads = threads;
  env.wasm.proxy = false;
  // Warnings go to the console as errors and tell of nodes that are placed on the CPU on purpose.
  env.logLevel = 'error';
}

/** Threads in use; the runtime lowers the number where shared memory is missing. */
export function ortThreads(): number {
  return ort().env.wasm.numThreads ?? 1;
}

/** '1.30.0' */
export function ortVersion(): string {
  const { env } = ort();
  return env.versions.web ?? env.versions.common;
}
