/**
 * Where each initializer's bytes are when a session loads: in the checkpoint's own files where the runtime can
 * take them as they lie, else in one packed buffer that is filled while loading.
 */
import type { CancelSignal } from '../core/cancel.ts';
import { throwIfAborted } from '../core/cancel.ts';
import { dtypeSizes } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import { floatsToHalves } from '../core/float16.ts';
import { elementCount } from '../core/tensor.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { readFloats, readTensorInto } from '../weights/read-tensor.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import type { Graph, Initializer, TensorSource } from './graph.ts';
import { readAhead } from './read-ahead.ts';

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

/**
 * The packed buffer: tensors are read, converted and placed one at a time, in blocks and in the order in which
 * they lie in their files.
 * @returns the caller's
 * @throws EngineError 'aborted' between blocks, 'out-of-memory', 'internal' for a derived tensor of the wrong
 *   size, and what `files` throws
 */
export async function fillPacked(
  plan: ExternalDataPlan,
  files: ModelFiles,
  signal?: CancelSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = allocate(plan.packedSizeBytes);
  const inFileOrder = [...plan.packed].sort((a, b) => compareEntries(firstEntry(a), firstEntry(b)));
  const entries = inFileOrder.flatMap(({ initializer }) => sourceEntries(initializer.source));
  const source = readAhead(files, entries);
  for (const { initializer, offset, sizeBytes } of inFileOrder) {
    throwIfAborted(signal);
    const target = buffer.subarray(offset, offset + sizeBytes);
    await fillTensor(initializer, target, source, signal);
  }
  return buffer;
}

/**
 * One tensor of the packed buffer, for runtimes that ask for each when they need it.
 * @returns the caller's
 * @throws EngineError as `fillPacked`
 */
export async function readPacked(
  { initializer, sizeBytes }: PackedTensor,
  files: ModelFiles,
  signal?: CancelSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  throwIfAborted(signal);
  const bytes = allocate(sizeBytes);
  await fillTensor(initializer, bytes, files, signal);
  return bytes;
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

async function fillTensor(
  { value, source }: Initializer,
  target: Uint8Array<ArrayBuffer>,
  files: ModelFiles,
  signal: CancelSignal | undefined,
): Promise<void> {
  if (source.kind === 'inline') {
    target.set(source.bytes);
    return;
  }
  const elements = floatElements(value.dtype, target);
  if (source.kind === 'checkpoint') {
    await readTensorInto(files, source.entry, elements, signal);
    return;
  }
  const inputs: Float32Array[] = [];
  for (const entry of source.inputs) inputs.push(await readFloats(files, entry, signal));
  const derived = source.derive(inputs);
  if (derived.length !== elements.length) {
    throw new EngineError('internal', `The derived tensor ${value.name} has the wrong size.`, {
      subject: value.name,
      found: `${derived.length} values`,
      wanted: `${elements.length}`,
    });
  }
  if (elements instanceof Float32Array) elements.set(derived);
  else floatsToHalves(derived, elements);
}

function floatElements(dtype: string, bytes: Uint8Array<ArrayBuffer>): Float32Array | Uint16Array {
  if (dtype === 'f32') return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  if (dtype === 'f16') return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  throw new EngineError('internal', `Parameters are f32 or f16, not ${dtype}.`);
}

function allocate(sizeBytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(sizeBytes);
  } catch (cause) {
    throw new EngineError('out-of-memory', `No room for ${sizeBytes} bytes of converted weights.`, {
      found: `${sizeBytes} bytes`,
      remedy: 'Use a smaller model, or weights in the type that the network computes in.',
      cause,
    });
  }
}

function sourceEntries(source: TensorSource): readonly TensorEntry[] {
  if (source.kind === 'checkpoint') return [source.entry];
  return source.kind === 'derived' ? source.inputs : [];
}

function firstEntry({ initializer }: PackedTensor): TensorEntry | undefined {
  return sourceEntries(initializer.source)[0];
}

function compareEntries(a: TensorEntry | undefined, b: TensorEntry | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  return a.file === b.file ? a.begin - b.begin : a.file < b.file ? -1 : 1;
}
