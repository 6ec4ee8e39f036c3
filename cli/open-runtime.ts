import type { GraphVariant } from '../src/engine/networks/graph-variant.ts';
import type { Runtime } from '../src/engine/pipeline/ports.ts';
import { createNodeRuntime } from '../src/platform/node/node-runtime.ts';

export const nodeBackends = ['cpu', 'wasm'] as const;

export type NodeBackend = (typeof nodeBackends)[number];

/** @returns a runtime that the caller disposes. @throws EngineError 'backend-unavailable' */
export async function openRuntime(
  backend: NodeBackend,
  dtype: GraphVariant['dtype'] = 'f32',
): Promise<Runtime> {
  if (backend === 'cpu') return createNodeRuntime({ variant: { attention: 'fused', dtype } });
  const { createOrtWebRuntime } = await import('../src/platform/ort/ort-runtime.ts');
  const { wasmVariant } = await import('../src/platform/ort/wasm-variant.ts');
  return createOrtWebRuntime({ backend: 'wasm', variant: { ...wasmVariant, dtype } });
}
