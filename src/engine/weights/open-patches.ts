import type { CancelSignal } from '../core/cancel.ts';
import { dtypeSizes } from '../core/dtype.ts';
import type { TensorEntry } from './tensor-entry.ts';
import type { ApplyPatch } from './tensor-patch.ts';

/**
 * The patches of an entry as one function of the entry's own elements; undefined where it has none.
 * @throws EngineError 'aborted', and what the patches' files throw
 */
export async function openPatches(
  { patches, begin, dtype }: TensorEntry,
  signal?: CancelSignal,
): Promise<ApplyPatch | undefined> {
  if (!patches || patches.length === 0) return undefined;
  const opened: { readonly apply: ApplyPatch; readonly sliceBegin: number }[] = [];
  for (const patch of patches) {
    const sliceBegin = (begin - patch.begin) / dtypeSizes[dtype];
    opened.push({ apply: await patch.open(signal), sliceBegin });
  }
  return async (values, first) => {
    for (const { apply, sliceBegin } of opened) await apply(values, sliceBegin + first);
  };
}
