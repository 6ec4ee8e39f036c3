/** Graph and checkpoint to a loaded onnxruntime-web session. */
import type { InferenceSession } from 'onnxruntime-web';
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import { fillPacked, planExternalData } from '../../engine/onnx/external-data.ts';
import type { Graph } from '../../engine/onnx/graph.ts';
import { serializeGraph } from '../../engine/onnx/serialize-graph.ts';
import type { Feeds, Session, SessionOptions } from '../../engine/pipeline/ports.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { ort } from './ort-build.ts';
import { ortError } from './ort-errors.ts';
import { keptTensor, readOrtTensor, toOrtTensor } from './ort-tensor.ts';

export interface OrtSessionContext {
  readonly backend: 'webgpu' | 'wasm';
  /** Rejects when the device is lost, never resolves: a run on a lost device may otherwise wait forever. */
  readonly lost: Promise<never>;
  /** Whether this build of the runtime reads the Blobs of files in pieces, as it needs them. */
  readonly readsBlobs: boolean;
}

/** Loads a graph. @throws EngineError as `Runtime.createSession` */
export async function createOrtSession(
  graph: Graph,
  files: ModelFiles,
  { signal, dimensions, weights, outputs }: SessionOptions,
  { backend, lost, readsBlobs }: OrtSessionContext,
): Promise<Session> {
  const plan = planExternalData(graph, weights);
  const externalData = [];
  if (plan.packedSizeBytes > 0) {
    externalData.push({ path: plan.packedPath, data: await fillPacked(plan, files, signal) });
  }
  const whole = new WholeFiles(graph.name);
  for (const path of plan.referencedFiles) {
    throwIfAborted(signal);
    const blob = readsBlobs ? await files.blob?.(path) : undefined;
    externalData.push({ path, data: (blob as Blob | undefined) ?? (await whole.read(files, path, signal)) });
  }
  throwIfAborted(signal);
  const loading = ort().InferenceSession.create(serializeGraph(graph, plan), {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    externalData,
    ...(dimensions ? { freeDimensionOverrides: dimensions } : {}),
    ...(outputs === 'kept' ? { preferredOutputLocation: 'gpu-buffer' as const } : {}),
  });
  const session = await settled(loading, lost, `loading ${graph.name}`);
  return sessionOver(session, graph.name, lost);
}

/** What of a model may lie in one piece in the page's memory: onnxruntime's heap, of 4 GiB, takes a copy. */
const largestWholeBytes = 1.5 * 2 ** 30;

/** Files that can't be read in pieces. */
class WholeFiles {
  readonly #name: string;
  #heldBytes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** @throws EngineError 'out-of-memory' before anything is read that would be too much */
  async read(files: ModelFiles, path: string, signal: CancelSignal | undefined): Promise<Uint8Array> {
    const sizeBytes = await files.size(path);
    this.#heldBytes += sizeBytes;
    if (this.#heldBytes > largestWholeBytes) {
      throw new EngineError('out-of-memory', `${this.#name} is too large to be read in one piece.`, {
        subject: path,
        found: `${gigabytes(this.#heldBytes)} of weights, and a browser without JSPI, which reading in pieces needs`,
        wanted: `at most ${gigabytes(largestWholeBytes)}`,
        remedy: 'Use Chrome or Edge 137 or later, or choose a smaller model.',
      });
    }
    return files.read(path, 0, sizeBytes, signal);
  }
}

const gigabytes = (sizeBytes: number): string => `${(sizeBytes / 1e9).toFixed(1)} GB`;

/** The Session port over a loaded onnxruntime-web session, which `dispose` releases. */
export function sessionOver(session: InferenceSession, name: string, lost: Promise<never>): Session {
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
      return Object.fromEntries(await settled(Promise.all(read), lost, doing));
    },
    async keep(feeds) {
      const outputs = await outputsOf(feeds);
      return Object.fromEntries(outputs.map(([output, tensor]) => [output, keptTensor(tensor)]));
    },
    dispose: () => session.release().catch(ignoreAfterLoss),
  };
}

/** @throws EngineError for whatever the runtime threw, or the loss of the device */
async function settled<Result>(work: Promise<Result>, lost: Promise<never>, doing: string): Promise<Result> {
  try {
    return await Promise.race([work, lost]);
  } catch (thrown) {
    throw ortError(thrown, doing);
  }
}

/** Releasing what a lost device held fails; there is nothing left to release. */
function ignoreAfterLoss(_thrown: unknown): void {}
