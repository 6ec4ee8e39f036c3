/**
 * A safetensors file whose float32 tensors are stored as float16, block by block as they come: a new header first,
 * then the tensors in their order. Other element types stay as they are.
 */
import type { DType } from '../../engine/core/dtype.ts';
import { EngineError } from '../../engine/core/errors.ts';
import { readSafetensorsHeader } from '../../engine/weights/safetensors-header.ts';
import type { TensorEntry } from '../../engine/weights/tensor-entry.ts';
import { narrow } from './native-halves.ts';
import { oneFile } from './one-file.ts';
import { originalPlan, type StoragePlan } from './storage-plan.ts';

const lengthBytes = 8;
const spellings: Readonly<Record<DType, string>> = {
  f64: 'F64',
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  i64: 'I64',
  i32: 'I32',
  u8: 'U8',
  bool: 'BOOL',
};

/**
 * @param read the bytes [begin, end) of the remote file; asked for the header only
 * @returns the original plan where nothing is float32
 * @throws EngineError 'file-malformed' | 'tensor-mismatch' for the header, and what `read` throws
 */
export async function halfPlan(
  path: string,
  sizeBytes: number,
  blockBytes: number,
  read: (begin: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<StoragePlan> {
  const { tensors, metadata } = await readSafetensorsHeader(oneFile(path, sizeBytes, read), path);
  if (!tensors.some(({ dtype }) => dtype === 'f32')) return originalPlan(sizeBytes, blockBytes);
  const dataBegin = tensors[0]!.begin;
  const header = halfHeader(tensors, metadata);
  const storedBytes = tensors.reduce((sum, tensor) => sum + storedSize(tensor), header.length);
  const dataBlocks = Math.ceil((sizeBytes - dataBegin) / blockBytes);
  /** Where data block `k` begins: at the nominal place or, inside an element, at that element's begin. */
  const boundary = (k: number): number => {
    const nominal = dataBegin + k * blockBytes;
    if (nominal >= sizeBytes) return sizeBytes;
    const { dtype, begin } = tensorAt(tensors, nominal);
    return dtype === 'f32' ? begin + Math.floor((nominal - begin) / 4) * 4 : nominal;
  };
  const block = (i: number) =>
    i === 0 ? { begin: 0, end: dataBegin } : { begin: boundary(i - 1), end: boundary(i) };
  // One block is converted at a time.
  let target = new Uint8Array(0);
  return {
    storedAs: 'float16',
    sizeBytes,
    storedBytes,
    blockCount: 1 + dataBlocks,
    block,
    convert(i, bytes) {
      if (i === 0) return header;
      if (target.length < bytes.length) target = new Uint8Array(bytes.length);
      return convertData(tensors, path, block(i).begin, bytes, target);
    },
  };
}

function storedSize({ dtype, begin, end }: TensorEntry): number {
  return dtype === 'f32' ? (end - begin) / 2 : end - begin;
}

function halfHeader(
  tensors: readonly TensorEntry[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  let begin = 0;
  // Without a prototype: a tensor may be called '__proto__'.
  const fields: Record<string, unknown> = Object.create(null);
  if (metadata.size > 0) fields.__metadata__ = Object.fromEntries(metadata);
  for (const tensor of tensors) {
    const end = begin + storedSize(tensor);
    const dtype = tensor.dtype === 'f32' ? 'f16' : tensor.dtype;
    fields[tensor.name] = { dtype: spellings[dtype], shape: tensor.shape, data_offsets: [begin, end] };
    begin = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(fields));
  // Spaces up to a multiple of 8, as the reference writer does: tensors then lie aligned.
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(lengthBytes + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, lengthBytes);
  return header;
}

/**
 * @param bytes of the remote file from `begin` on; float32 elements are whole
 * @param target at least as large as `bytes`
 * @returns the begin of `target`
 */
function convertData(
  tensors: readonly TensorEntry[],
  path: string,
  begin: number,
  bytes: Uint8Array<ArrayBuffer>,
  target: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const end = begin + bytes.length;
  let filled = 0;
  for (let i = indexAt(tensors, begin); i < tensors.length && tensors[i]!.begin < end; i++) {
    const tensor = tensors[i]!;
    const from = Math.max(tensor.begin, begin) - begin;
    const to = Math.min(tensor.end, end) - begin;
    const piece = bytes.subarray(from, to);
    if (tensor.dtype === 'f32') {
      toHalves(piece, target.subarray(filled, filled + piece.length / 2), tensor, path);
      filled += piece.length / 2;
    } else {
      target.set(piece, filled);
      filled += piece.length;
    }
  }
  return target.subarray(0, filled);
}

/** Straight from and to where the bytes lie, unless a tensor of bytes before them left them unaligned. */
function toHalves(
  piece: Uint8Array<ArrayBuffer>,
  target: Uint8Array<ArrayBuffer>,
  tensor: TensorEntry,
  path: string,
): void {
  const { buffer, byteOffset } = piece.byteOffset % 4 === 0 ? piece : piece.slice();
  const floats = new Float32Array(buffer, byteOffset, piece.length / 4);
  const aligned = target.byteOffset % 2 === 0;
  const halves = aligned
    ? new Uint16Array(target.buffer, target.byteOffset, floats.length)
    : new Uint16Array(floats.length);
  const tooLarge = narrow(floats, halves);
  if (tooLarge !== undefined) {
    throw new EngineError('non-finite', `${tensor.name} has numbers that float16 can't hold.`, {
      subject: `${path}: ${tensor.name}`,
      found: String(floats[tooLarge]),
      wanted: 'at most 65504 in magnitude',
      remedy: 'Download the model without conversion to float16.',
    });
  }
  if (!aligned) target.set(new Uint8Array(halves.buffer));
}

function tensorAt(tensors: readonly TensorEntry[], offset: number): TensorEntry {
  return tensors[indexAt(tensors, offset)]!;
}

/** Of the tensor that holds the byte; empty tensors hold none. `tensors` cover the data without holes. */
function indexAt(tensors: readonly TensorEntry[], offset: number): number {
  let low = 0;
  let high = tensors.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tensors[middle]!.end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
