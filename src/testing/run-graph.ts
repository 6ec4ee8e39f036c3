/** One run of a graph on onnxruntime's CPU provider, through the command line's own runtime. */
import type { Tensor } from '../engine/core/tensor.ts';
import type { Graph } from '../engine/onnx/graph.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';
import { createNodeRuntime } from '../platform/node/node-runtime.ts';

export async function runGraph(
  graph: Graph,
  files: ModelFiles,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Float32Array>> {
  // Tiny networks on a shared machine: a second thread would only spin.
  const runtime = await createNodeRuntime({ threads: 1 });
  try {
    const session = await runtime.createSession(graph, files);
    const outputs = Object.entries(await session.run(feeds));
    return Object.fromEntries(outputs.map(([name, { data }]) => [name, data as Float32Array]));
  } finally {
    await runtime.dispose();
  }
}
