/** A LoRA file's tensors, grouped by the layer that they change. Reads the header, no values. */
import type { CancelSignal } from '../../core/cancel.ts';
import { EngineError } from '../../core/errors.ts';
import { quote } from '../json-document.ts';
import type { ModelFiles } from '../model-files.ts';
import { readSafetensorsHeader } from '../safetensors-header.ts';
import type { TensorEntry } from '../tensor-entry.ts';
import { type AdaptedPart, type LoraKey, type LoraRole, parseLoraKey, peftPrefix } from './lora-key.ts';
import { type PeftScaling, readPeftScaling, unscaled } from './peft-scaling.ts';

/** Where a LoRA's tensors lie. */
export interface LoraSource {
  /** Their `id` and `path` tell one file from another. */
  readonly files: ModelFiles;
  readonly path: string;
  /** Path of PEFT's config where it was given; else it is looked for beside the weights. */
  readonly config?: string | undefined;
}

/** One layer's change: W += scale · up · down, or scale · up · mid · down. */
export interface LoraLayer extends Omit<LoraKey, 'role'> {
  /** [rank, in, ...kernel]; with `mid`, [rank, in, 1, 1]. */
  readonly down: TensorEntry;
  /** [out, rank] or [out, rank, 1, 1]. */
  readonly up: TensorEntry;
  /** [rank, rank, ...kernel]. */
  readonly mid?: TensorEntry | undefined;
  /** One value; without it, `scaling` or 1. */
  readonly alpha?: TensorEntry | undefined;
}

export interface LoraFile {
  readonly files: ModelFiles;
  readonly path: string;
  readonly layers: readonly LoraLayer[];
  readonly scaling: PeftScaling;
  /** PEFT's own file without its config: nothing says what scale it was made with, and 1 is taken. */
  readonly scaleAssumed: boolean;
}

type FoundLayer = Partial<Record<LoraRole, TensorEntry>> & { readonly key: LoraKey };

/**
 * @throws EngineError 'file-not-found' | 'file-malformed' | 'tensor-mismatch' | 'aborted';
 *   'config-unsupported' naming a tensor of another method; 'tensor-missing' for half a pair; as `readPeftScaling`
 */
export async function openLora(
  { files, path, config }: LoraSource,
  signal?: CancelSignal,
): Promise<LoraFile> {
  const { tensors, metadata } = await readSafetensorsHeader(files, path, signal);
  const layers = new Map<string, FoundLayer>();
  for (const entry of tensors) {
    const key = parseLoraKey(entry.name, path);
    const name = `${key.part} ${key.underscored} ${key.layer}`;
    const layer: FoundLayer = layers.get(name) ?? { key };
    const other = layer[key.role];
    if (other) throw twice(path, entry, other);
    layers.set(name, Object.assign(layer, { [key.role]: entry }));
  }
  if (layers.size === 0) {
    throw new EngineError('file-malformed', `${path} holds no tensors.`, {
      subject: path,
      found: 'an empty file',
      wanted: 'LoRA matrices',
    });
  }
  const completed = [...layers.values()].map((layer) => complete(layer, path));
  const scaling = await readPeftScaling(files, path, metadata, config);
  // What diffusers and kohya write without a scale has been folded into the matrices.
  const byPeft = /adapter_model[^/]*$/.test(path) || tensors.some(({ name }) => name.startsWith(peftPrefix));
  const scaleAssumed = byPeft && scaling === unscaled && completed.some(({ alpha }) => !alpha);
  return { files, path, layers: completed, scaling, scaleAssumed };
}

/** The networks that a file changes. */
export function adaptedParts({ layers }: LoraFile): ReadonlySet<AdaptedPart> {
  return new Set(layers.map(({ part }) => part));
}

function complete({ key, down, up, mid, alpha }: FoundLayer, path: string): LoraLayer {
  const { part, layer, underscored } = key;
  if (down && up) return { part, layer, underscored, down, up, mid, alpha };
  const found = (down ?? up ?? mid ?? alpha)!.name;
  throw new EngineError('tensor-missing', `${path}: ${quote(found)} has no counterpart.`, {
    subject: found,
    found: `no '${down ? 'up' : 'down'}' matrix for ${layer}`,
    wanted: 'an up and a down matrix for every layer',
    remedy: 'Download the file again, or save it again where it was made.',
  });
}

function twice(path: string, entry: TensorEntry, other: TensorEntry): EngineError {
  return new EngineError('file-malformed', `${path} gives one layer's matrix twice.`, {
    subject: entry.name,
    found: `${quote(other.name)} and ${quote(entry.name)}`,
    wanted: 'one of them',
  });
}
