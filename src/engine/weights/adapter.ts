/**
 * What changes a model's weights while they are loaded: LoRA files, and differences between two checkpoints.
 * The files themselves stay as they are, so that leaving an adapter out restores the exact base.
 */
import type { CancelSignal } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type CheckpointDelta, openDelta } from './delta.ts';
import { adaptWithLora } from './lora/adapt-with-lora.ts';
import { adaptedParts, type LoraSource, openLora } from './lora/lora-file.ts';
import type { AdaptedPart } from './lora/lora-key.ts';

export interface LoraAdapter extends LoraSource {
  readonly kind: 'lora';
  /** Any finite number: 0 leaves the base as it is, 1 is what the file was made for. */
  readonly strength: number;
}

/** W += strength · (finetuned - original), tensor by tensor. */
export interface DeltaAdapter extends CheckpointDelta {
  readonly kind: 'delta';
  readonly part: AdaptedPart;
  /** Any finite number: 0 leaves the base as it is, 1 adds the whole difference. */
  readonly strength: number;
}

export type Adapter = LoraAdapter | DeltaAdapter;

/** Opened adapters, in the order in which they are added. */
export interface AdapterSet {
  /** Tells the same weights from others: '' where nothing changes the part. */
  key(part: AdaptedPart): string;
  /** The checkpoint with all that changes the part. @throws EngineError as `openAdapters` */
  adapt(part: AdaptedPart, checkpoint: Checkpoint): Checkpoint;
}

interface OpenedAdapter {
  readonly key: string;
  readonly parts: ReadonlySet<AdaptedPart>;
  adapt(part: AdaptedPart, checkpoint: Checkpoint): Checkpoint;
}

/**
 * Reads headers, no values.
 * @throws EngineError 'argument-invalid' for a strength that is no number; 'tensor-missing' naming what matches
 *   nothing in the checkpoint; 'tensor-mismatch'; 'config-unsupported' for other methods than LoRA; what files throw
 */
export async function openAdapters(adapters: readonly Adapter[], signal?: CancelSignal): Promise<AdapterSet> {
  for (const { strength } of adapters) assertStrength(strength);
  const opened: OpenedAdapter[] = [];
  for (const adapter of adapters) {
    if (adapter.strength !== 0) opened.push(await openAdapter(adapter, signal));
  }
  const changing = (part: AdaptedPart) => opened.filter(({ parts }) => parts.has(part));
  return {
    key: (part) =>
      changing(part)
        .map(({ key }) => `+${key}`)
        .join(''),
    adapt: (part, checkpoint) =>
      changing(part).reduce((adapted, adapter) => adapter.adapt(part, adapted), checkpoint),
  };
}

async function openAdapter(adapter: Adapter, signal: CancelSignal | undefined): Promise<OpenedAdapter> {
  const { strength } = adapter;
  if (adapter.kind === 'lora') {
    const { files, path } = adapter;
    const lora = await openLora(adapter, signal);
    return {
      key: `${files.id}/${path}*${strength}${lora.scaling.key}`,
      parts: adaptedParts(lora),
      adapt: (part, checkpoint) => adaptWithLora(checkpoint, lora, part, strength),
    };
  }
  const { finetuned, original, part } = adapter;
  const names = [finetuned, original].map(({ files, folder }) => `${files.id}/${folder}`);
  const delta = await openDelta(adapter, part, signal);
  return {
    key: `(${names.join('-')})*${strength}`,
    parts: new Set([part]),
    adapt: (_, checkpoint) => delta(checkpoint, strength),
  };
}

function assertStrength(strength: number): void {
  if (Number.isFinite(strength)) return;
  throw new EngineError('argument-invalid', `An adapter's strength is ${strength}, wanted a number.`, {
    subject: 'strength',
    found: `${strength}`,
    wanted: 'a finite number: 0 for none, 1 for what the file was made for',
  });
}
