/** Finds the safetensors files of a component by their published names, single or sharded. */
import type { CancelSignal } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import { Checkpoint } from './checkpoint.ts';
import { quote } from './json-document.ts';
import type { ModelFiles } from './model-files.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';
import { readShardIndex } from './shard-index.ts';
import type { TensorEntry } from './tensor-entry.ts';

/** Which of the files that a folder may hold side by side: `<stem>.safetensors` or `<stem>.fp16.safetensors`. */
export type CheckpointVariant = 'full' | 'fp16';

export interface OpenCheckpointOptions {
  /** Variants to look for, the preferred one first; missing means full, then fp16. */
  readonly variants?: readonly CheckpointVariant[] | undefined;
  readonly signal?: CancelSignal | undefined;
}

/** File names in diffusers' and transformers' spelling; a single file is preferred to shards. */
const suffixes: Readonly<Record<CheckpointVariant, { single: string; indexes: readonly string[] }>> = {
  full: { single: '.safetensors', indexes: ['.safetensors.index.json'] },
  fp16: {
    single: '.fp16.safetensors',
    indexes: ['.safetensors.index.fp16.json', '.fp16.safetensors.index.json'],
  },
};

/**
 * Opens and checks the headers of a component's weights; reads no tensor.
 * @param stemPath path and name without the ending: 'unet/diffusion_pytorch_model', 'text_encoder/model'
 * @throws EngineError 'file-not-found' for the weights or one of their shards; 'file-malformed';
 *   'tensor-missing' when a shard lacks a tensor that the index puts there; 'tensor-mismatch'; 'aborted'
 */
export async function openCheckpoint(
  files: ModelFiles,
  stemPath: string,
  options: OpenCheckpointOptions = {},
): Promise<Checkpoint> {
  const { variants = ['full', 'fp16'], signal } = options;
  for (const variant of variants) {
    const { single, indexes } = suffixes[variant];
    if (await files.has(stemPath + single)) return openSingle(files, stemPath + single, signal);
    for (const index of indexes) {
      if (await files.has(stemPath + index)) return openSharded(files, stemPath + index, signal);
    }
  }
  const tried = variants.flatMap((variant) => [suffixes[variant].single, ...suffixes[variant].indexes]);
  throw new EngineError('file-not-found', `No weights ${stemPath}.safetensors in ${files.id}.`, {
    subject: `${stemPath}.safetensors`,
    found: 'none of these files',
    wanted: tried.map((suffix) => stemPath + suffix).join(', '),
    remedy: 'Add the safetensors weights to the folder; pickled .bin weights must be converted first.',
  });
}

async function openSingle(files: ModelFiles, path: string, signal?: CancelSignal): Promise<Checkpoint> {
  const { tensors } = await readSafetensorsHeader(files, path, signal);
  return new Checkpoint(files, path, new Map(tensors.map((tensor) => [tensor.name, tensor])));
}

async function openSharded(files: ModelFiles, path: string, signal?: CancelSignal): Promise<Checkpoint> {
  const shardOf = await readShardIndex(files, path, signal);
  const tensors = new Map<string, TensorEntry>();
  for (const shard of new Set(shardOf.values())) {
    if (!(await files.has(shard))) {
      throw new EngineError('file-not-found', `${path} names a shard that is missing: ${shard}.`, {
        subject: shard,
        found: `no such file in ${files.id}`,
        wanted: shard,
        remedy: 'Download the missing shard into the folder.',
      });
    }
    for (const tensor of (await readSafetensorsHeader(files, shard, signal)).tensors) {
      const other = tensors.get(tensor.name);
      if (other) throw duplicate(tensor, other);
      tensors.set(tensor.name, tensor);
    }
  }
  for (const [name, shard] of shardOf) assertInShard(name, shard, tensors.get(name), path);
  return new Checkpoint(files, path, tensors);
}

function duplicate(tensor: TensorEntry, other: TensorEntry): EngineError {
  return new EngineError('file-malformed', `Tensor ${quote(tensor.name)} lies in two shards.`, {
    subject: `${tensor.file}: ${tensor.name}`,
    found: `in ${other.file} and in ${tensor.file}`,
    wanted: 'one place',
    remedy: 'Remove files of other checkpoints from the folder, or download it again.',
  });
}

function assertInShard(name: string, shard: string, tensor: TensorEntry | undefined, index: string): void {
  if (tensor?.file === shard) return;
  throw new EngineError(
    'tensor-missing',
    `${index} puts tensor ${quote(name)} into ${shard}, which lacks it.`,
    {
      subject: `${shard}: ${name}`,
      found: tensor ? `in ${tensor.file}` : 'in no shard',
      wanted: `in ${shard}`,
      remedy: 'Download index and shards again: they belong to different versions.',
    },
  );
}
