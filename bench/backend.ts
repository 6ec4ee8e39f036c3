/** A backend as the benchmark needs it: our runtime and a way to run other programs' graphs in it. */
import type { GraphVariant } from '../src/engine/networks/graph-variant.ts';
import type { Runtime, Session } from '../src/engine/pipeline/ports.ts';

/** Those that Node has; the page in Chromium is opened by cli/browser-bench.ts. */
export type NodeBenchBackend = 'cpu' | 'wasm';

export interface BackendOptions {
  readonly backend: NodeBenchBackend;
  readonly threads: number;
  /** Default: what the app uses on this backend. */
  readonly variant?: Partial<GraphVariant> | undefined;
}

export interface Backend {
  readonly runtime: Runtime;
  /** Loads an ONNX file with the options that our own graphs get. */
  readonly loadExported: (model: Uint8Array) => Promise<Session>;
  /** What every result of this backend carries. */
  readonly labels: {
    readonly backend: NodeBenchBackend | 'webgpu';
    readonly threads: number;
    readonly variant: GraphVariant;
  };
}

/** The first WASM backend of a process decides its threads. */
export async function openBackend({ backend, threads, variant }: BackendOptions): Promise<Backend> {
  if (backend === 'cpu') {
    const { createNodeRuntime, nodeVariant } = await import('../src/platform/node/node-runtime.ts');
    const { loadExportedOnNode } = await import('../src/platform/node/exported-model.ts');
    const runtime = await createNodeRuntime({ threads, variant: { ...nodeVariant, ...variant } });
    return {
      runtime,
      loadExported: (model) => loadExportedOnNode(model, threads),
      labels: { backend, threads, variant: runtime.variant },
    };
  }
  const { createOrtWebRuntime } = await import('../src/platform/ort/ort-runtime.ts');
  const { wasmVariant } = await import('../src/platform/ort/wasm-variant.ts');
  const { loadExportedOnWeb } = await import('../src/platform/ort/exported-model.ts');
  const runtime = await createOrtWebRuntime({ backend, threads, variant: { ...wasmVariant, ...variant } });
  return {
    runtime,
    loadExported: (model) => loadExportedOnWeb(model, backend),
    labels: { backend, threads: runtime.capabilities.threads, variant: runtime.variant },
  };
}
