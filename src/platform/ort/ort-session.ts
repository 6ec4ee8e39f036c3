/** Graph and checkpoint to a loaded onnxruntime-web session. */
import type { InferenceSession } from 'onnxruntime-web';
import { raceSignal } from 'race-signal';
import { throwIfAborted } from '../../engine/core/cancel.ts';
import { type ExternalDataPlan, planExternalData, weightBytes } from '../../engine/onnx/external-data.ts';
import type { Graph } from '../../engine/onnx/graph.ts';
import { serializeGraph } from '../../engine/onnx/serialize-graph.ts';
import type { Feeds, Session, SessionOptions } from '../../engine/pipeline/ports.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import type { DeviceErrors } from './device-errors.ts';
import { mountPieces, mountWhole } from './mount-weights.ts';
import { ort } from './ort-build.ts';
import { ortError } from './ort-errors.ts';
import { keptTensor, readOrtTensor, toOrtTensor } from './ort-tensor.ts';
import { uploadPace } from './upload-pace.ts';
import type { HeapBudget } from './weight-budget.ts';

/** What may go wrong beside a run. */
export interface DeviceTroubles {
  /** Fires when the device is lost: a run on a lost device may otherwise wait forever. */
  readonly lost: AbortSignal;
  /** Of the device, on WebGPU. */
  readonly errors?: DeviceErrors | undefined;
}

/** What sessions of one backend share. */
export interface OrtBackend extends DeviceTroubles {
  readonly backend: 'webgpu' | 'wasm';
  readonly heap: HeapBudget;
}

export interface OrtSessionContext extends OrtBackend {
  /** Whether this build of the runtime reads the Blobs of files in pieces, as it needs them. */
  readonly readsBlobs: boolean;
}

/**
 * Above this, convolutions turn their weights in every run instead of once: turned once, each is held twice until the
 * card gets round to it, which for InstaFlow-0.9B was 1.1 GB more at the peak (docs/full-size.md).
 */
const unpackedBytes = 2 ** 30;

/** Loads a graph. @throws EngineError as `Runtime.createSession` */
export async function createOrtSession(
  graph: Graph,
  files: ModelFiles,
  options: SessionOptions,
  context: OrtSessionContext,
): Promise<Session> {
  const plan = planExternalData(graph, options.weights);
  return context.heap.hold(graph.name, weightBytes(plan), async () =>
    sessionOver(await loadSession(graph, plan, files, options, context), graph.name, context),
  );
}

async function loadSession(
  graph: Graph,
  plan: ExternalDataPlan,
  files: ModelFiles,
  { signal, dimensions, outputs }: SessionOptions,
  { backend, lost, readsBlobs }: OrtSessionContext,
): Promise<InferenceSession> {
  const mounted = readsBlobs
    ? await mountPieces(
        plan,
        files,
        signal,
        uploadPace(async () => (backend === 'webgpu' ? ort().env.webgpu.device : undefined)),
      )
    : await mountWhole(plan, files, signal, graph.name);
  throwIfAborted(signal);
  const loading = ort().InferenceSession.create(serializeGraph(graph, plan), {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    externalData: mounted.externalData,
    ...(weightBytes(plan) > unpackedBytes && { extra: { session: { disable_prepacking: '1' } } }),
    ...(dimensions ? { freeDimensionOverrides: dimensions } : {}),
    ...(outputs === 'kept' ? { preferredOutputLocation: 'gpu-buffer' as const } : {}),
  });
  return settled(loading, lost, `loading ${graph.name}`).catch((thrown: unknown) => {
    // The runtime only says that a file failed.
    throw mounted.failure() ?? thrown;
  });
}

/** The Session port over a loaded onnxruntime-web session, which `dispose` releases. */
export function sessionOver(
  session: InferenceSession,
  name: string,
  { lost, errors }: DeviceTroubles,
): Session {
  const doing = `running ${name}`;
  const outputsOf = async (feeds: Feeds) => {
    const inputs = Object.fromEntries(
      Object.entries(feeds).map(([input, tensor]) => [input, toOrtTensor(tensor)]),
    );
    return Object.entries(await settled(session.run(inputs), lost, doing));
  };
  return {
    async run(feeds) {
      const outputs = await outputsOf(feeds);
      const read = outputs.map(
        async ([output, tensor]) => [output, await readOrtTensor(output, tensor)] as const,
      );
      const values = await settled(Promise.all(read), lost, doing);
      errors?.assertNone(doing);
      return Object.fromEntries(values);
    },
    async keep(feeds) {
      const outputs = await outputsOf(feeds);
      return Object.fromEntries(outputs.map(([output, tensor]) => [output, keptTensor(tensor)]));
    },
    dispose: () => session.release().catch(ignoreAfterLoss),
  };
}

/** @throws EngineError for whatever the runtime threw, or the loss of the device */
export async function settled<Result>(
  work: Promise<Result>,
  lost: AbortSignal,
  doing: string,
): Promise<Result> {
  try {
    return await raceSignal(work, lost);
  } catch (thrown) {
    throw ortError(thrown, doing);
  }
}

/** Releasing what a lost device held fails; there is nothing left to release. */
function ignoreAfterLoss(_thrown: unknown): void {}
