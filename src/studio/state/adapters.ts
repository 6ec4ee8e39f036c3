/**
 * LoRA files and U-Nets that the reader added. How strongly a side uses one is the side's setting; what isn't in its
 * list has strength 0.
 */
import type { AdapterSummary, AppliedAdapter, SerializedEngineError } from '../../worker/protocol.ts';
import type { SideSettings } from './settings.ts';

export interface PresentAdapter {
  /** The file's name, with a number where another file had it before. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly summary: AdapterSummary;
  /** Of a U-Net: the id of the model it was tuned from; null = not chosen yet. */
  readonly original: string | null;
}

/** What came of the latest files. */
export type AdapterNotice =
  | { readonly kind: 'added'; readonly ids: readonly string[] }
  | { readonly kind: 'failed'; readonly fileName: string; readonly error: SerializedEngineError };

export interface AdaptersState {
  /** In the order in which they are added to the weights. */
  readonly present: readonly PresentAdapter[];
  readonly notice: AdapterNotice | null;
}

export const noAdapters: AdaptersState = { present: [], notice: null };

/** What a file was made for. */
export const fullStrength = 1;
export const strengthRange = { minimum: 0, maximum: 2 } as const;

export function strengthOf({ adapters }: SideSettings, id: string): number {
  return adapters.find((adapter) => adapter.id === id)?.strength ?? 0;
}

/** A side's list with another strength of one file, in the order of those that are here. */
export function withStrength(
  side: SideSettings,
  present: readonly PresentAdapter[],
  id: string,
  strength: number,
): readonly AppliedAdapter[] {
  return present.flatMap((adapter): AppliedAdapter[] => {
    const own = adapter.id === id ? strength : strengthOf(side, adapter.id);
    if (own === 0) return [];
    return [appliedAdapter(adapter, own)];
  });
}

function appliedAdapter({ id, summary, original }: PresentAdapter, strength: number): AppliedAdapter {
  return summary.kind === 'unet' ? { id, strength, original } : { id, strength };
}

/** A side's list once files came, went, or got another original. */
export function refreshed(side: SideSettings, present: readonly PresentAdapter[]): readonly AppliedAdapter[] {
  return withStrength(side, present, '', 0);
}

/** What acts on a side: a U-Net whose original isn't chosen adds nothing yet. */
export function actingAdapters({ adapters }: Pick<SideSettings, 'adapters'>): readonly AppliedAdapter[] {
  return adapters.filter(({ strength, original }) => strength !== 0 && original !== null);
}

/** A file's list of those that are here; a U-Net's original is the file's word. */
export function restoredAdapters(
  wanted: readonly AppliedAdapter[],
  present: readonly PresentAdapter[],
): readonly AppliedAdapter[] {
  return wanted.filter(({ id }) => present.some((adapter) => adapter.id === id));
}
