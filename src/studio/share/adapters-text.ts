/**
 * Files that changed a picture's weights, in one line: file names can't hold a slash, so one stands between them.
 *
 *     painting.safetensors*0.8 / tuned.safetensors*1 minus sd-nano
 */
import type { AppliedAdapter } from '../../worker/protocol.ts';

const separator = ' / ';
const entry = /^(.+)\*(-?\d+(?:\.\d+)?)(?: minus (.+))?$/u;

export function formatAdapters(adapters: readonly AppliedAdapter[]): string {
  return adapters
    .map(({ id, strength, original }) => `${id}*${strength}${original == null ? '' : ` minus ${original}`}`)
    .join(separator);
}

/** What isn't laid out so is left out. */
export function parseAdapters(text: string): readonly AppliedAdapter[] {
  return text.split(separator).flatMap((part): AppliedAdapter[] => {
    const [, id, strength, original] = entry.exec(part) ?? [];
    if (id === undefined) return [];
    return [{ id, strength: Number(strength), ...(original !== undefined && { original }) }];
  });
}
