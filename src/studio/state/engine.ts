/** What the page knows of the engine in the worker. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { BackendChoice, BackendReport, SerializedEngineError } from '../../worker/protocol.ts';
import type { Recovery } from './recovery.ts';
import type { SideName } from './side.ts';

export interface EngineState {
  readonly status: 'starting' | 'ready' | 'failed';
  /** What was asked for: by the address (`?backend=`), or by a way out of an error. */
  readonly choice: BackendChoice;
  readonly report: BackendReport | null;
  readonly models: readonly ModelDescriptor[];
  /** Why the engine can't draw at all: no backend, or the device was lost. */
  readonly error: SerializedEngineError | null;
  /** Whether the quiet notice about a lesser backend was closed. */
  readonly noticeClosed: boolean;
  /** Why it was started anew by itself; null where it wasn't, or the reader has closed the notice. */
  readonly recovery: Recovery | null;
}

export const startingEngine = (choice: BackendChoice): EngineState => ({
  status: 'starting',
  choice,
  report: null,
  models: [],
  error: null,
  noticeClosed: false,
  recovery: null,
});

/** Errors that concern the engine as a whole and not the picture under way. */
export function isEngineFailure(error: SerializedEngineError): boolean {
  const { code } = error;
  return code === 'backend-lost' || code === 'worker-lost' || code === 'backend-unavailable';
}

/** Whether the engine runs on less than was hoped for. */
export function isDegraded(report: BackendReport | null): boolean {
  return report !== null && report.fallback !== '';
}

/**
 * The pair that is compared: A is the first model that takes exactly one step, B the first of its lineage that
 * takes many, so that text encoder, decoder and noise are shared.
 */
export function comparedModels(
  models: readonly ModelDescriptor[],
): Readonly<Record<SideName, ModelDescriptor | null>> {
  const a = models.find((model) => model.steps.maximum === 1) ?? null;
  const many = models.filter((model) => model.steps.maximum > 1);
  const b = many.find((model) => model.lineage === a?.lineage) ?? many[0] ?? null;
  return { a: a ?? b, b: b ?? a };
}
