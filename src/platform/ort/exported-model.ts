/** An ONNX file that another program exported, on onnxruntime-web: what ours is timed against. */
import type { Session } from '../../engine/pipeline/ports.ts';
import { ort } from './ort-build.ts';
import { ortError } from './ort-errors.ts';
import { sessionOver } from './ort-session.ts';

/**
 * Loads with the options that the runtime gives our own graphs, and after `createOrtWebRuntime`, whose threads
 * it runs on.
 * @returns a session that the caller disposes
 * @throws EngineError 'backend-failed' | 'out-of-memory'
 */
export async function loadExportedOnWeb(model: Uint8Array, backend: 'webgpu' | 'wasm'): Promise<Session> {
  const name = 'the exported model';
  try {
    const session = await ort().InferenceSession.create(model, {
      executionProviders: [backend],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    return sessionOver(session, name, { lost: new AbortController().signal });
  } catch (thrown) {
    throw ortError(thrown, `loading ${name}`);
  }
}
