/** One component's weights as float16 in shards, named as diffusers and transformers name them. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../src/engine/core/errors.ts';
import type { Checkpoint } from '../src/engine/weights/checkpoint.ts';
import {
  encodeSafetensorsHeader,
  type NamedTensor,
  tensorBytes,
} from '../src/engine/weights/encode-safetensors-header.ts';
import { readRange } from '../src/engine/weights/read-range.ts';
import { readHalves } from '../src/engine/weights/read-tensor.ts';
import type { TensorEntry } from '../src/engine/weights/tensor-entry.ts';

export interface PackedFile {
  /** Inside the packed folder, with forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface PackWeightsOptions {
  readonly checkpoint: Checkpoint;
  /** The packed folder on disk. */
  readonly out: string;
  /** 'unet/diffusion_pytorch_model' */
  readonly stemPath: string;
  /** Header included; a larger tensor has a shard of its own. */
  readonly shardBytes: number;
}

/** Text beside the weights, JSON as diffusers writes it. */
export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes the shards, and the index where there are several. Holds one tensor at a time.
 * @throws EngineError 'non-finite' naming a tensor that float16 is too narrow for; what reading throws
 */
export async function packWeights(options: PackWeightsOptions): Promise<PackedFile[]> {
  const { checkpoint, out, stemPath, shardBytes } = options;
  const shards = planShards([...checkpoint.tensors.values()], shardBytes);
  const files: PackedFile[] = [];
  const weightMap: Record<string, string> = {};
  for (const [i, tensors] of shards.entries()) {
    const ordinal = (n: number) => String(n).padStart(5, '0');
    const place = shards.length === 1 ? '' : `-${ordinal(i + 1)}-of-${ordinal(shards.length)}`;
    const path = `${stemPath}${place}.safetensors`;
    files.push(await writeShard(checkpoint, tensors, out, path));
    for (const { name } of tensors) weightMap[name] = path.slice(path.lastIndexOf('/') + 1);
  }
  if (shards.length > 1) {
    const total = shards.flat().reduce((sum, tensor) => sum + tensorBytes(packedTensor(tensor)), 0);
    const index = { metadata: { total_size: total }, weight_map: weightMap };
    files.push(await writeWhole(out, `${stemPath}.safetensors.index.json`, jsonBytes(index)));
  }
  return files;
}

/** Writes a small file, and says what it is. */
export async function writeWhole(out: string, path: string, bytes: Buffer): Promise<PackedFile> {
  const file = await open(join(out, path), 'wx');
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return { path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function packedTensor({ name, dtype, shape }: TensorEntry): NamedTensor {
  return { name, shape, dtype: isFloat(dtype) ? 'f16' : dtype };
}

function isFloat(dtype: TensorEntry['dtype']): boolean {
  return dtype === 'f64' || dtype === 'f32' || dtype === 'bf16' || dtype === 'f16';
}

/** A sketch of a tensor's part of the header. */
const entryBytes = (name: string) => name.length + 100;

/** In the files' order; in a shard, tensors that would misalign those behind them come last. */
function planShards(tensors: readonly TensorEntry[], shardBytes: number): TensorEntry[][] {
  const shards: TensorEntry[][] = [];
  let filled = Number.POSITIVE_INFINITY;
  for (const tensor of tensors) {
    const size = tensorBytes(packedTensor(tensor)) + entryBytes(tensor.name);
    if (filled + size > shardBytes) {
      shards.push([]);
      filled = 0;
    }
    shards.at(-1)!.push(tensor);
    filled += size;
  }
  const odd = (tensor: TensorEntry) => Number(tensorBytes(packedTensor(tensor)) % 8 !== 0);
  return shards.map((shard) => shard.toSorted((a, b) => odd(a) - odd(b)));
}

async function writeShard(
  checkpoint: Checkpoint,
  tensors: readonly TensorEntry[],
  out: string,
  path: string,
): Promise<PackedFile> {
  const hash = createHash('sha256');
  const file = await open(join(out, path), 'wx');
  let sizeBytes = 0;
  try {
    const write = async (bytes: Uint8Array) => {
      hash.update(bytes);
      await writeAll(file, bytes);
      sizeBytes += bytes.length;
    };
    await write(encodeSafetensorsHeader(tensors.map(packedTensor)));
    for (const tensor of tensors) await write(await packedValues(checkpoint, tensor));
  } finally {
    await file.close();
  }
  return { path, sizeBytes, sha256: hash.digest('hex') };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

async function packedValues({ files }: Checkpoint, tensor: TensorEntry): Promise<Uint8Array> {
  if (!isFloat(tensor.dtype)) return readRange(files, tensor.file, tensor.begin, tensor.end);
  const halves = await readHalves(files, tensor);
  // All exponent bits set: infinity, or no number.
  const wrong = halves.findIndex((bits) => (bits & 0x7c00) === 0x7c00);
  if (wrong < 0) return new Uint8Array(halves.buffer);
  throw new EngineError('non-finite', `${tensor.name} holds a value that float16 can't.`, {
    subject: `${tensor.file}: ${tensor.name}`,
    found: `element ${wrong} beyond 65504, or no number`,
    wanted: 'finite values up to 65504',
    remedy: 'Use the checkpoint as it is: weights in float32 are kept where float16 is too narrow.',
  });
}
