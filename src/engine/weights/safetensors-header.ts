/**
 * The header of a .safetensors file: u64 length (little-endian), that many bytes of JSON, then the tensors.
 * Source: the format description of huggingface/safetensors. Everything the header says is checked against
 * the file's size before any of it is believed.
 *
 * Holes: as in the reference reader, the tensors must cover the data without gap or rest. A gap could hide
 * anything, no published writer leaves one, and a rest means that the header belongs to another file.
 */
import type { CancelSignal } from '../core/cancel.ts';
import type { DType } from '../core/dtype.ts';
import { dtypeSizes } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import { isJsonObject, parseJsonObject, quote } from './json-document.ts';
import type { ModelFiles } from './model-files.ts';
import { readRange } from './read-range.ts';
import type { TensorEntry } from './tensor-entry.ts';

/** The reference reader's limit as well: beyond it the length is taken for garbage. */
export const maximumHeaderBytes = 100_000_000;

/**
 * Diffusers' longest names of tensors have about 100 characters, an adapter's 150. Names are looked through for patterns,
 * some of them the file's own, and a header could hold one of 100 MB.
 */
export const longestName = 1024;

const lengthBytes = 8;

const readableDTypes: ReadonlyMap<string, DType> = new Map([
  ['F64', 'f64'],
  ['F32', 'f32'],
  ['F16', 'f16'],
  ['BF16', 'bf16'],
  ['I64', 'i64'],
  ['I32', 'i32'],
  ['U8', 'u8'],
  ['BOOL', 'bool'],
]);

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly tensors: readonly TensorEntry[];
  /** The writer's remarks, `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads and checks the header of a file; reads nothing behind it.
 * @throws EngineError 'file-malformed', 'tensor-mismatch' for an element type this engine can't read,
 *   'aborted', and what `files` throws
 */
export async function readSafetensorsHeader(
  files: ModelFiles,
  file: string,
  signal?: CancelSignal,
): Promise<SafetensorsHeader> {
  const fileBytes = await files.size(file);
  if (fileBytes < lengthBytes) {
    throw malformed(file, `is too short to hold a header`, `${fileBytes} bytes`, 'at least 10 bytes');
  }
  const prefix = await readRange(files, file, 0, lengthBytes, signal);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  const available = Math.min(maximumHeaderBytes, fileBytes - lengthBytes);
  if (length < 2n || length > BigInt(available)) {
    throw malformed(
      file,
      `says that its header has ${length} bytes`,
      `${length} bytes in a file of ${fileBytes}`,
      `2 to ${available} bytes`,
    );
  }
  const dataBegin = lengthBytes + Number(length);
  const header = await readRange(files, file, lengthBytes, dataBegin, signal);
  return parseSafetensorsHeader(header, file, fileBytes);
}

/**
 * @param header the JSON, without the length before it
 * @param file path inside the model folder, for the entries and for messages
 * @param fileBytes size of the whole file
 * @throws EngineError 'file-malformed' | 'tensor-mismatch'
 */
function parseSafetensorsHeader(header: Uint8Array, file: string, fileBytes: number): SafetensorsHeader {
  const fields = parseJsonObject(header, `${file} (header)`);
  const dataBegin = lengthBytes + header.byteLength;
  const tensors = Object.entries(fields)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, description]) => parseEntry(name, description, file, dataBegin, fileBytes))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  assertCovers(tensors, file, dataBegin, fileBytes);
  return { tensors, metadata: parseMetadata(fields.__metadata__, file) };
}

function parseMetadata(metadata: unknown, file: string): ReadonlyMap<string, string> {
  if (metadata === undefined) return new Map();
  const pairs = isJsonObject(metadata) ? Object.entries(metadata) : undefined;
  if (!pairs?.every((pair): pair is [string, string] => typeof pair[1] === 'string')) {
    throw malformed(file, 'has a __metadata__ that is no map of strings', quote(metadata), 'strings by name');
  }
  return new Map(pairs);
}

function parseEntry(
  name: string,
  description: unknown,
  file: string,
  dataBegin: number,
  fileBytes: number,
): TensorEntry {
  const refuse = (what: string, found: unknown, wanted: string) =>
    malformedTensor(file, name, what, quote(found), wanted);
  if (name.length > longestName) {
    throw malformedTensor(
      file,
      `${name.slice(0, 97)}...`,
      'has too long a name',
      `${name.length} characters`,
      `at most ${longestName}`,
    );
  }
  if (!isJsonObject(description)) throw refuse('is described by no object', description, 'an object');
  const { dtype: dtypeName, shape, data_offsets: offsets } = description;
  const dtype = parseDType(dtypeName, name, file);
  if (!isSizes(shape)) throw refuse('has an impossible shape', shape, 'whole numbers from 0 to 2^53 - 1');
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw refuse('has impossible offsets', offsets, 'two whole numbers, the first no greater');
  }
  const [begin, end] = offsets as [number, number];
  const dataBytes = fileBytes - dataBegin;
  if (end > dataBytes) throw refuse('lies outside the file', offsets, `at most ${dataBytes}`);
  const bytes = byteCount(shape, dtype);
  if (bytes !== end - begin) {
    const described = `${end - begin} bytes for ${dtypeName} ${quote(shape)}`;
    throw malformedTensor(file, name, 'has a shape that its bytes contradict', described, `${bytes} bytes`);
  }
  return { name, dtype, shape: Object.freeze(shape), file, begin: dataBegin + begin, end: dataBegin + end };
}

function parseDType(dtypeName: unknown, name: string, file: string): DType {
  const dtype = typeof dtypeName === 'string' ? readableDTypes.get(dtypeName) : undefined;
  if (dtype) return dtype;
  const wanted = [...readableDTypes.keys()].join(', ');
  if (typeof dtypeName !== 'string') {
    throw malformedTensor(file, name, 'has no element type', quote(dtypeName), wanted);
  }
  throw new EngineError('tensor-mismatch', `${file}: tensor ${quote(name)} has type ${quote(dtypeName)}.`, {
    subject: `${file}: ${name}`,
    found: quote(dtypeName),
    wanted,
    remedy: 'Convert the checkpoint to float16 or float32 first.',
  });
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Infinity or inexact for absurd shapes, which equals no range inside a file. */
function byteCount(shape: readonly number[], dtype: DType): number {
  if (shape.includes(0)) return 0; // 0 × Infinity would be NaN
  return shape.reduce((product, size) => product * size, dtypeSizes[dtype]);
}

/** @param tensors sorted by their begin */
function assertCovers(
  tensors: readonly TensorEntry[],
  file: string,
  dataBegin: number,
  fileBytes: number,
): void {
  let covered = dataBegin;
  for (const [index, tensor] of tensors.entries()) {
    if (tensor.begin !== covered) {
      const previous = index > 0 ? `tensor ${quote(tensors[index - 1]!.name)}` : 'the header';
      const what = tensor.begin < covered ? `overlaps ${previous}` : `leaves a hole after ${previous}`;
      throw malformedTensor(file, tensor.name, what, `begin at byte ${tensor.begin}`, `byte ${covered}`);
    }
    covered = tensor.end;
  }
  if (covered !== fileBytes) {
    throw malformed(file, `has bytes that no tensor owns`, `${fileBytes} bytes`, `${covered} bytes`);
  }
}

function malformedTensor(
  file: string,
  name: string,
  what: string,
  found: string,
  wanted: string,
): EngineError {
  return new EngineError('file-malformed', `${file}: tensor ${quote(name)} ${what}.`, {
    subject: `${file}: ${name}`,
    found,
    wanted,
    remedy: 'Download the file again; if it stays so, it was written wrongly.',
  });
}

function malformed(file: string, what: string, found: string, wanted: string): EngineError {
  return new EngineError('file-malformed', `${file} ${what}.`, {
    subject: file,
    found,
    wanted,
    remedy: 'Download the file again: it is cut short, or no safetensors file.',
  });
}
