/** Runs a graph on onnxruntime's CPU provider as any runtime would: plan, fill, serialize, mount, run. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensor } from '../engine/core/tensor.ts';
import { fillPacked, planExternalData } from '../engine/onnx/external-data.ts';
import type { Graph } from '../engine/onnx/graph.ts';
import { serializeGraph } from '../engine/onnx/serialize-graph.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';

export interface LoadedGraph {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

async function loadGraph(
  graph: Graph,
  files: ModelFiles,
  options: InferenceSession.SessionOptions = {},
): Promise<LoadedGraph> {
  const plan = planExternalData(graph);
  const packed = await fillPacked(plan, files);
  const externalData = [{ path: plan.packedPath, data: packed }];
  for (const path of plan.referencedFiles) {
    externalData.push({ path, data: await files.read(path, 0, await files.size(path)) });
  }
  const session = await InferenceSession.create(serializeGraph(graph, plan), {
    executionProviders: ['cpu'],
    // Tiny networks on a shared machine: a second thread would only spin.
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    externalData,
    ...options,
  });
  return {
    async run(feeds) {
      const outputs = await session.run(
        Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, ortTensor(tensor)])),
      );
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      );
    },
    dispose: () => session.release(),
  };
}

/** One run of a graph that is used once. */
export async function runGraph(
  graph: Graph,
  files: ModelFiles,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Float32Array>> {
  const loaded = await loadGraph(graph, files);
  try {
    return await loaded.run(feeds);
  } finally {
    await loaded.dispose();
  }
}

function ortTensor({ dtype, data, shape }: Tensor): OrtTensor {
  if (dtype === 'f32') return new OrtTensor('float32', data, shape);
  if (dtype === 'i64') return new OrtTensor('int64', data, shape);
  throw new Error(`No test feeds ${dtype}.`);
}
