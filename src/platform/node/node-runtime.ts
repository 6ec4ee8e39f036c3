/** The Runtime port over onnxruntime-node's CPU provider, for the command line and the tests. */
import { availableParallelism, cpus } from 'node:os';
import type * as Ort from 'onnxruntime-node';
import type { CancelSignal } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { Tensor } from '../../engine/core/tensor.ts';
import type { GraphVariant } from '../../engine/networks/graph-variant.ts';
import {
  type ExternalDataPlan,
  fillPacked,
  inlinePacked,
  planExternalData,
} from '../../engine/onnx/external-data.ts';
import type { Graph } from '../../engine/onnx/graph.ts';
import { serializeGraph } from '../../engine/onnx/serialize-graph.ts';
import type { Feeds, Runtime, Session, SessionOptions } from '../../engine/pipeline/ports.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

export interface NodeRuntimeOptions {
  /** Default: {@link nodeVariant}. */
  readonly variant?: GraphVariant | undefined;
  /** Default: one per core. */
  readonly threads?: number | undefined;
}

/** The fastest right variant on this provider; measured in docs/speed.md. */
export const nodeVariant: GraphVariant = { attention: 'fused', dtype: 'f32' };

/** @returns a runtime that the caller disposes */
export async function createNodeRuntime(options: NodeRuntimeOptions = {}): Promise<Runtime> {
  const { variant = nodeVariant, threads = availableParallelism() } = options;
  // The package reports home when it is imported unless told not to.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  const sessions = new Set<Session>();
  return {
    capabilities: {
      backend: 'cpu',
      float16: false,
      threads,
      device: cpus()[0]?.model.trim() || 'CPU',
      largestTensorBytes,
    },
    variant,
    async createSession(graph, files, sessionOptions = {}) {
      const session = await loadSession(ort, graph, files, sessionOptions, threads);
      const tracked: Session = {
        run: (feeds) => runSession(ort, session, graph.name, feeds),
        async dispose() {
          if (sessions.delete(tracked)) await session.release();
        },
      };
      sessions.add(tracked);
      return tracked;
    },
    async dispose() {
      await Promise.all([...sessions].map((session) => session.dispose()));
    },
  };
}

/** The provider has no limit of its own; a decoder takes up to ten times its largest tensor. */
const largestTensorBytes = 2 ** 29;

/** A serialized model must stay below protobuf's 2 GiB; converted weights beyond this are passed beside it. */
const largestInlineBytes = 1.5 * 2 ** 30;

/**
 * Where the checkpoint's files lie on disk, the runtime maps them itself and we never hold their bytes: then
 * converted tensors travel inside the model, since onnxruntime takes the outside ones either all from one folder
 * or all from memory.
 */
async function loadSession(
  ort: typeof Ort,
  graph: Graph,
  files: ModelFiles,
  { signal, dimensions, weights }: SessionOptions,
  threads: number,
): Promise<Ort.InferenceSession> {
  const smallest = planExternalData(graph, weights);
  const root = commonRoot(smallest.referencedFiles, files);
  const mapped = root !== undefined && smallest.packedSizeBytes <= largestInlineBytes;
  // Beside so many merged or converted tensors, whole files would be read for the few that stay as they are.
  const plan = smallest.packedSizeBytes > largestInlineBytes ? planExternalData(graph, 'copied') : smallest;
  try {
    const packed = await fillPacked(plan, files, signal);
    const model = serializeGraph(graph, mapped ? inlinePacked(plan, packed) : plan);
    return await ort.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
      ...(dimensions ? { freeDimensionOverrides: dimensions } : {}),
      ...(mapped
        ? { extra: { session: { model_external_initializers_file_folder_path: root } } }
        : { externalData: await readMounted(plan, packed, files, signal) }),
    });
  } catch (thrown) {
    throw runtimeError(thrown, `loading ${graph.name}`);
  }
}

/** The folder on disk that all paths are relative to; undefined where a file has none, or another. */
function commonRoot(paths: readonly string[], files: ModelFiles): string | undefined {
  const roots = paths.map((path) => {
    const place = files.diskPath?.(path);
    return place?.endsWith(`/${path}`) ? place.slice(0, -path.length - 1) : undefined;
  });
  return roots.every((root) => root === roots[0]) ? roots[0] : undefined;
}

async function readMounted(
  plan: ExternalDataPlan,
  packed: Uint8Array,
  files: ModelFiles,
  signal: CancelSignal | undefined,
): Promise<{ path: string; data: Uint8Array }[]> {
  const mounted = [{ path: plan.packedPath, data: packed }];
  for (const path of plan.referencedFiles) {
    mounted.push({ path, data: await files.read(path, 0, await files.size(path), signal) });
  }
  return mounted;
}

/** Runs a loaded session on host tensors. @throws EngineError 'backend-failed' */
export async function runSession(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  name: string,
  feeds: Feeds,
): Promise<Record<string, Tensor>> {
  const inputs: Record<string, Ort.Tensor> = {};
  for (const [input, tensor] of Object.entries(feeds)) {
    if ('kept' in tensor)
      throw new EngineError('internal', `${input} of ${name} was kept by another runtime.`);
    inputs[input] = toOrtTensor(ort, tensor);
  }
  try {
    const outputs = Object.entries(await session.run(inputs));
    return Object.fromEntries(outputs.map(([output, tensor]) => [output, fromOrtTensor(tensor)]));
  } catch (thrown) {
    throw runtimeError(thrown, `running ${name}`);
  }
}

function toOrtTensor(ort: typeof Ort, { dtype, data, shape }: Tensor): Ort.Tensor {
  const types = { f32: 'float32', f16: 'float16', i64: 'int64', i32: 'int32' } as const;
  return new ort.Tensor(types[dtype], data as Float32Array & BigInt64Array, shape);
}

function fromOrtTensor({ type, data, dims: shape }: Ort.Tensor): Tensor {
  if (type === 'float32') return { dtype: 'f32', shape, data: data as Float32Array };
  if (type === 'int64') return { dtype: 'i64', shape, data: data as BigInt64Array };
  throw new EngineError('graph-invalid', `A graph gave a ${type} tensor.`, {
    found: type,
    wanted: 'float32',
  });
}

/** What onnxruntime-node threw, as an EngineError. */
export function runtimeError(thrown: unknown, doing: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const found = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('backend-failed', `onnxruntime failed while ${doing}.`, { found, cause: thrown });
}
