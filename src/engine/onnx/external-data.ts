/**
 * Where each initializer's bytes are when a session loads: in the checkpoint's own files where the runtime can
 * take them as they lie, else in one packed buffer that is filled while loading (packed-data.ts).
 */
import { dtypeSizes } from '../core/dtype.ts';
import { elementCount } from '../core/tensor.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import type { Graph, Initializer } from './graph.ts';

export type Placement =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'referenced';
      readonly file: string;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'packed'; readonly offset: number; readonly sizeBytes: number };

export interface PackedTensor {
  readonly initializer: Initializer;
  /** Byte offset in the packed buffer, a multiple of 64. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface ExternalDataPlan {
  /** Under this path the runtime mounts the packed buffer. */
  readonly packedPath: string;
  readonly packedSizeBytes: number;
  /** Checkpoint files that initializers point into. */
  readonly referencedFiles: readonly string[];
  readonly packed: readonly PackedTensor[];
  /** By initializer name. */
  readonly placements: ReadonlyMap<string, Placement>;
}

/** Larger constants go to the packed buffer: the model itself stays small. */
const maximumInlineBytes = 1024;

/** What onnxruntime needs of an external offset in a file that it maps (tried on every backend). */
const referenceAlignment = 4;

const packedAlignment = 64;

/** onnxruntime-node 1.30 refuses to mount no bytes ("contains null pointers"), so there always are some. */
const minimumPackedBytes = packedAlignment;

/**
 * Pure: looks at the graph only, reads no file.
 * @param weights 'copied' references no file: for graphs that use little of theirs
 */
export function planExternalData(graph: Graph, weights: 'mounted' | 'copied' = 'mounted'): ExternalDataPlan {
  const placements = new Map<string, Placement>();
  const packed: PackedTensor[] = [];
  const files = new Set<string>();
  const packedPath = `${graph.name}.packed`;
  let packedSizeBytes = 0;
  for (const initializer of graph.initializers) {
    const { value, source } = initializer;
    if (source.kind === 'inline' && source.bytes.length <= maximumInlineBytes) {
      placements.set(value.name, { kind: 'inline', bytes: source.bytes });
    } else if (
      weights === 'mounted' &&
      source.kind === 'checkpoint' &&
      canReference(initializer, source.entry)
    ) {
      const { file, begin, end } = source.entry;
      files.add(file);
      placements.set(value.name, { kind: 'referenced', file, offset: begin, sizeBytes: end - begin });
    } else {
      const sizeBytes = byteSize(initializer);
      const offset = Math.ceil(packedSizeBytes / packedAlignment) * packedAlignment;
      packedSizeBytes = offset + sizeBytes;
      packed.push({ initializer, offset, sizeBytes });
      placements.set(value.name, { kind: 'packed', offset, sizeBytes });
    }
  }
  packedSizeBytes = Math.max(packedSizeBytes, minimumPackedBytes);
  return { packedPath, packedSizeBytes, referencedFiles: [...files], packed, placements };
}

function canReference({ value }: Initializer, entry: TensorEntry): boolean {
  return entry.dtype === value.dtype && entry.begin % referenceAlignment === 0 && !entry.patches;
}

function byteSize({ value }: Initializer): number {
  return elementCount(value.shape as readonly number[]) * dtypeSizes[value.dtype];
}

/** Of all initializers that lie outside the model. */
export function weightBytes({ placements }: ExternalDataPlan): number {
  let sum = 0;
  for (const placement of placements.values()) if (placement.kind !== 'inline') sum += placement.sizeBytes;
  return sum;
}

/** The same plan with the packed tensors inside the model, which then must stay below protobuf's 2 GiB. */
export function inlinePacked(plan: ExternalDataPlan, packed: Uint8Array): ExternalDataPlan {
  const placements = new Map(plan.placements);
  for (const { initializer, offset, sizeBytes } of plan.packed) {
    const bytes = packed.subarray(offset, offset + sizeBytes);
    placements.set(initializer.value.name, { kind: 'inline', bytes });
  }
  return { ...plan, placements, packed: [], packedSizeBytes: 0 };
}
