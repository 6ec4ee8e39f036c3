/** An ONNX file that another program exported, on onnxruntime-node's CPU provider: what ours is timed against. */
import type { Session } from '../../engine/pipeline/ports.ts';
import { runSession, runtimeError } from './node-runtime.ts';

/**
 * Loads with the options that the runtime gives our own graphs.
 * @returns a session that the caller disposes
 * @throws EngineError 'backend-failed'
 */
export async function loadExportedOnNode(model: Uint8Array, threads: number): Promise<Session> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  const name = 'the exported model';
  try {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
    });
    return {
      run: (feeds) => runSession(ort, session, name, feeds),
      dispose: () => session.release(),
    };
  } catch (thrown) {
    throw runtimeError(thrown, `loading ${name}`);
  }
}
