/** The difference between a finetuned checkpoint and the one it began from, added to another checkpoint. */
import type { CancelSignal } from '../core/cancel.ts';
import { dtypeSizes } from '../core/dtype.ts';
import { EngineError } from '../core/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { quote } from './json-document.ts';
import type { AdaptedPart } from './lora/lora-key.ts';
import type { ModelFiles } from './model-files.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { readTensorInto } from './read-tensor.ts';
import type { TensorEntry } from './tensor-entry.ts';
import type { TensorPatch } from './tensor-patch.ts';

/** A component's folder: 'unet' in a checkpoint's files. */
export interface ComponentWeights {
  readonly files: ModelFiles;
  readonly folder: string;
}

export interface CheckpointDelta {
  readonly finetuned: ComponentWeights;
  readonly original: ComponentWeights;
}

const stems: Readonly<Record<AdaptedPart, string>> = {
  unet: 'diffusion_pytorch_model',
  text_encoder: 'model',
};

/**
 * Opens both checkpoints' headers.
 * @returns adds the difference, times a strength that isn't 0, to a checkpoint; throws EngineError 'tensor-missing'
 *   naming a tensor that not all three have, 'tensor-mismatch' for one of another shape
 * @throws EngineError as `openCheckpoint`
 */
export async function openDelta(
  { finetuned, original }: CheckpointDelta,
  part: AdaptedPart,
  signal?: CancelSignal,
): Promise<(base: Checkpoint, strength: number) => Checkpoint> {
  const open = ({ files, folder }: ComponentWeights) =>
    openCheckpoint(files, folder === '' ? stems[part] : `${folder}/${stems[part]}`, { signal });
  const plus = await open(finetuned);
  const minus = await open(original);
  return (base, strength) => {
    const patches = new Map<string, TensorPatch>();
    for (const tensor of base.tensors.values()) {
      if (!isFloat(tensor)) continue;
      const added = counterpart(plus, tensor);
      const subtracted = counterpart(minus, tensor);
      patches.set(tensor.name, createDifference(plus, added, minus, subtracted, tensor, strength));
    }
    for (const other of [plus, minus]) assertAllIn(base, other);
    return base.patched(patches);
  };
}

function createDifference(
  plus: Checkpoint,
  added: TensorEntry,
  minus: Checkpoint,
  subtracted: TensorEntry,
  { begin }: TensorEntry,
  strength: number,
): TensorPatch {
  return {
    begin,
    async open(signal) {
      return async (values, first) => {
        const a = new Float32Array(values.length);
        const b = new Float32Array(values.length);
        await readTensorInto(plus.files, partOf(added, first, values.length), a, signal);
        await readTensorInto(minus.files, partOf(subtracted, first, values.length), b, signal);
        for (let i = 0; i < values.length; i++) values[i]! += strength * (a[i]! - b[i]!);
      };
    },
  };
}

/** Elements [first, first + count) as a tensor of one dimension. */
function partOf(entry: TensorEntry, first: number, count: number): TensorEntry {
  const begin = entry.begin + first * dtypeSizes[entry.dtype];
  return { ...entry, shape: [count], begin, end: begin + count * dtypeSizes[entry.dtype] };
}

function isFloat({ dtype }: TensorEntry): boolean {
  return dtype === 'f32' || dtype === 'f16' || dtype === 'bf16' || dtype === 'f64';
}

function counterpart(checkpoint: Checkpoint, { name, shape }: TensorEntry): TensorEntry {
  const entry = checkpoint.entry(name);
  if (`${entry.shape}` === `${shape}`) return entry;
  throw new EngineError('tensor-mismatch', `${checkpoint.path}: ${quote(name)} has another shape.`, {
    subject: name,
    found: `[${entry.shape}]`,
    wanted: `[${shape}]`,
    remedy: 'Use checkpoints of the same architecture for a difference.',
  });
}

/** A difference that is only partly added would be another model than the one asked for. */
function assertAllIn(base: Checkpoint, other: Checkpoint): void {
  for (const entry of other.tensors.values()) {
    if (!isFloat(entry) || base.tensors.has(entry.name)) continue;
    throw new EngineError('tensor-missing', `${base.path} has no tensor ${quote(entry.name)}.`, {
      subject: entry.name,
      found: `a tensor of ${other.path} that matches nothing`,
      wanted: 'the same tensors in all checkpoints of a difference',
      remedy: 'Use checkpoints of the same architecture for a difference.',
    });
  }
}
