/**
 * Tensors from their bytes, converted block by block: at no time are both the stored and the converted form
 * of a large tensor in memory. Hosts are little-endian, as the format is (every browser's platform is).
 */
import type { CancelSignal } from '../core/cancel.ts';
import type { DType } from '../core/dtype.ts';
import { dtypeSizes } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import { bfloatsToFloats, floatsToHalves, halvesToFloats } from '../core/float16.ts';
import { elementCount } from '../core/tensor.ts';
import type { ModelFiles } from './model-files.ts';
import { openPatches } from './open-patches.ts';
import { readRange } from './read-range.ts';
import type { TensorEntry } from './tensor-entry.ts';
import type { ApplyPatch } from './tensor-patch.ts';

/** Bytes of a file converted at a time; a multiple of every element's size. */
export const blockBytes = 4 * 1024 * 1024;

/**
 * A tensor's values as float32, row-major. f64, i64 and i32 are rounded to the nearest float32; bool is 0
 * or 1.
 * @throws EngineError 'aborted' between blocks; 'file-malformed' and what `files` throws
 */
export async function readFloats(
  files: ModelFiles,
  entry: TensorEntry,
  signal?: CancelSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const target = new Float32Array(elementCount(entry.shape));
  await readTensorInto(files, entry, target, signal);
  return target;
}

/** The same as half-precision bits; values beyond 65504 become infinity. */
export async function readHalves(
  files: ModelFiles,
  entry: TensorEntry,
  signal?: CancelSignal,
): Promise<Uint16Array<ArrayBuffer>> {
  const target = new Uint16Array(elementCount(entry.shape));
  await readTensorInto(files, entry, target, signal);
  return target;
}

/**
 * Fills memory that the caller owns (a runtime's heap, say).
 * @param target one element per element of the tensor; float32 values, or half-precision bits
 * @throws EngineError 'argument-invalid' for another length; else as {@link readFloats}
 */
export async function readTensorInto(
  files: ModelFiles,
  entry: TensorEntry,
  target: Float32Array | Uint16Array,
  signal?: CancelSignal,
): Promise<void> {
  const count = elementCount(entry.shape);
  if (target.length !== count) {
    throw new EngineError('argument-invalid', `Tensor ${entry.name} doesn't fit the memory given for it.`, {
      subject: `${entry.file}: ${entry.name}`,
      found: `room for ${target.length} elements`,
      wanted: `${count}`,
    });
  }
  const elementBytes = dtypeSizes[entry.dtype];
  const patch = await openPatches(entry, signal);
  for (let begin = entry.begin; begin < entry.end; begin += blockBytes) {
    const end = Math.min(begin + blockBytes, entry.end);
    const bytes = await readRange(files, entry.file, begin, end, signal);
    const first = (begin - entry.begin) / elementBytes;
    const block = target.subarray(first, first + (end - begin) / elementBytes);
    if (patch) await convertPatched(bytes, entry.dtype, block, first, patch);
    else convertElements(bytes, entry.dtype, block);
  }
}

/** Patched in float32, whatever the stored and the wanted type. */
async function convertPatched(
  bytes: Uint8Array<ArrayBuffer>,
  dtype: DType,
  target: Float32Array | Uint16Array,
  first: number,
  patch: ApplyPatch,
): Promise<void> {
  const values = target instanceof Float32Array ? target : new Float32Array(target.length);
  convertElements(bytes, dtype, values);
  await patch(values, first);
  if (!(target instanceof Float32Array)) floatsToHalves(values, target);
}

/**
 * Stored elements to float32 values or half-precision bits.
 * @param block whole elements
 * @param target one element per stored one
 */
export function convertElements(
  block: Uint8Array<ArrayBuffer>,
  dtype: DType,
  target: Float32Array | Uint16Array,
): void {
  // Typed views begin at multiples of their element's size, blocks where the file or the caller put them.
  const bytes = block.byteOffset % dtypeSizes[dtype] === 0 ? block : block.slice();
  if (target instanceof Float32Array) {
    convertToFloats(bytes, dtype, target);
  } else if (dtype === 'f16') {
    target.set(new Uint16Array(bytes.buffer, bytes.byteOffset, target.length));
  } else {
    const floats = new Float32Array(target.length);
    convertToFloats(bytes, dtype, floats);
    floatsToHalves(floats, target);
  }
}

function convertToFloats(bytes: Uint8Array<ArrayBuffer>, dtype: DType, target: Float32Array): void {
  const { buffer, byteOffset } = bytes;
  const { length } = target;
  switch (dtype) {
    case 'f64':
      target.set(new Float64Array(buffer, byteOffset, length));
      break;
    case 'f32':
      target.set(new Float32Array(buffer, byteOffset, length));
      break;
    case 'f16':
      halvesToFloats(new Uint16Array(buffer, byteOffset, length), target);
      break;
    case 'bf16':
      bfloatsToFloats(new Uint16Array(buffer, byteOffset, length), target);
      break;
    case 'i64': {
      const wide = new BigInt64Array(buffer, byteOffset, length);
      for (let i = 0; i < length; i++) target[i] = Number(wide[i]!);
      break;
    }
    case 'i32':
      target.set(new Int32Array(buffer, byteOffset, length));
      break;
    case 'u8':
    case 'bool':
      target.set(bytes);
      break;
  }
}
