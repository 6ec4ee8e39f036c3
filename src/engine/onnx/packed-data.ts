/** What of a graph's weights can't be taken as it lies: read, converted, computed or cut while loading. */
import { type CancelSignal, throwIfAborted } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import { floatsToHalves } from '../core/float16.ts';
import { elementCount } from '../core/tensor.ts';
import type { ModelFiles } from '../weights/model-files.ts';
import { readFloats, readTensorInto } from '../weights/read-tensor.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import type { ExternalDataPlan, PackedTensor } from './external-data.ts';
import type { TensorSource, Value } from './graph.ts';
import { readAhead } from './read-ahead.ts';

/**
 * The packed buffer: tensors are placed one at a time, in blocks and in the order in which they lie in their files.
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
  const reader = new PackedReader(readAhead(files, entries), signal);
  for (const tensor of inFileOrder) {
    await reader.readInto(tensor, buffer.subarray(tensor.offset, tensor.offset + tensor.sizeBytes));
  }
  return buffer;
}

type Elements = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Reads tensors of a packed buffer one by one, for runtimes that ask for each when they need it. */
export class PackedReader {
  readonly #files: ModelFiles;
  readonly #signal: CancelSignal | undefined;
  /** The tensor that was last cut: a convolution's groups are asked for one after the other, and read once. */
  #whole: { readonly entry: TensorEntry; readonly elements: Elements } | undefined;

  constructor(files: ModelFiles, signal?: CancelSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  /** @returns the caller's. @throws EngineError as {@link fillPacked} */
  async read(tensor: PackedTensor): Promise<Uint8Array<ArrayBuffer>> {
    throwIfAborted(this.#signal);
    const bytes = allocate(tensor.sizeBytes);
    await this.readInto(tensor, bytes);
    return bytes;
  }

  /** @param target of the tensor's size. @throws EngineError as {@link fillPacked} */
  async readInto({ initializer }: PackedTensor, target: Uint8Array<ArrayBuffer>): Promise<void> {
    throwIfAborted(this.#signal);
    const { value, source } = initializer;
    if (source.kind === 'inline') {
      target.set(source.bytes);
      return;
    }
    const elements = floatElements(value.dtype, target);
    switch (source.kind) {
      case 'checkpoint':
        return readTensorInto(this.#files, source.entry, elements, this.#signal);
      case 'channels':
        return this.#cutChannels(source, elements);
      case 'derived':
        return this.#derive(value, source, elements);
    }
  }

  async #cutChannels({ entry, begin, end }: SourceOf<'channels'>, target: Elements): Promise<void> {
    const [rows, channels] = entry.shape as [number, number];
    if (this.#whole?.entry !== entry) {
      const count = elementCount(entry.shape);
      this.#whole = undefined;
      const bytes = allocate(count * target.BYTES_PER_ELEMENT);
      const elements =
        target instanceof Float32Array ? new Float32Array(bytes.buffer) : new Uint16Array(bytes.buffer);
      await readTensorInto(this.#files, entry, elements, this.#signal);
      this.#whole = { entry, elements };
    }
    const { elements } = this.#whole;
    const rowLength = elements.length / rows;
    const channelLength = rowLength / channels;
    const partLength = (end - begin) * channelLength;
    for (let row = 0; row < rows; row++) {
      const first = row * rowLength + begin * channelLength;
      target.set(elements.subarray(first, first + partLength), row * partLength);
    }
    if (end === channels) this.#whole = undefined;
  }

  async #derive(value: Value, { inputs, derive }: SourceOf<'derived'>, target: Elements): Promise<void> {
    const tensors: Float32Array[] = [];
    for (const entry of inputs) tensors.push(await readFloats(this.#files, entry, this.#signal));
    const derived = derive(tensors);
    if (derived.length !== target.length) {
      throw new EngineError('internal', `The derived tensor ${value.name} has the wrong size.`, {
        subject: value.name,
        found: `${derived.length} values`,
        wanted: `${target.length}`,
      });
    }
    if (target instanceof Float32Array) target.set(derived);
    else floatsToHalves(derived, target);
  }
}

type SourceOf<Kind extends TensorSource['kind']> = Extract<TensorSource, { readonly kind: Kind }>;

function floatElements(dtype: string, bytes: Uint8Array<ArrayBuffer>): Elements {
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
  if (source.kind === 'inline') return [];
  return source.kind === 'derived' ? source.inputs : [source.entry];
}

function firstEntry({ initializer }: PackedTensor): TensorEntry | undefined {
  return sourceEntries(initializer.source)[0];
}

function compareEntries(a: TensorEntry | undefined, b: TensorEntry | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  return a.file === b.file ? a.begin - b.begin : a.file < b.file ? -1 : 1;
}
