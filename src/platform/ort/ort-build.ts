/**
 * The build of onnxruntime-web in use: one per worker or process. In a browser it is the JSPI build where the browser
 * has JSPI (docs/decisions/2026-11-24-two-builds.md): only that one reads external data in pieces.
 */
import { EngineError } from '../../engine/core/errors.ts';

type OrtBuild = typeof import('onnxruntime-web');

export type OrtBuildName = 'jspi' | 'asyncify' | 'node';

let loading: Promise<OrtBuild> | undefined;
let loaded: OrtBuild | undefined;

/** Only the first call's name counts. @throws whatever stops a module from loading */
export async function loadOrtBuild(name: OrtBuildName): Promise<void> {
  // Vite takes 'onnxruntime-web' to the asyncify build, Node to its own.
  loading ??= name === 'jspi' ? import('onnxruntime-web/jspi') : import('onnxruntime-web');
  try {
    loaded = await loading;
  } catch (thrown) {
    loading = undefined;
    throw thrown;
  }
}

/** @throws EngineError 'internal' before `loadOrtBuild` */
export function ort(): OrtBuild {
  if (loaded) return loaded;
  throw new EngineError('internal', 'onnxruntime-web is used before it is loaded.');
}
