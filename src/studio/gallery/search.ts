/** Which entries are listed: a filter, and words that all have to be found. */
import type { GalleryEntry } from './entry.ts';

export type GalleryFilter = 'all' | 'pairs' | 'starred';

const passes: Readonly<Record<GalleryFilter, (entry: GalleryEntry) => boolean>> = {
  all: () => true,
  pairs: ({ pictures }) => pictures.length > 1,
  starred: ({ starred }) => starred,
};

/** What a reader may remember of a picture. */
function searchText({ pictures }: GalleryEntry): string {
  const parts = pictures.flatMap(({ settings, modelTitle }) => [
    settings.prompt,
    settings.negativePrompt,
    modelTitle,
    settings.model,
    settings.sampler ?? '',
    `seed ${settings.seed}`,
    `${settings.stepCount} ${settings.stepCount === 1 ? 'step' : 'steps'}`,
  ]);
  return parts.join('\n').toLocaleLowerCase();
}

/** @param query words in any order and case; each has to be somewhere in prompt, model, sampler, seed or steps */
export function listedEntries(
  entries: readonly GalleryEntry[],
  filter: GalleryFilter,
  query: string,
): readonly GalleryEntry[] {
  const words = query
    .toLocaleLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  return entries.filter((entry) => {
    if (!passes[filter](entry)) return false;
    if (words.length === 0) return true;
    const text = searchText(entry);
    return words.every((word) => text.includes(word));
  });
}

/** Entries of one day, newest first. */
export interface GalleryDay {
  /** Local midnight, ms. */
  readonly dayMs: number;
  readonly entries: readonly GalleryEntry[];
}

/** @param entries newest first */
export function entriesByDay(entries: readonly GalleryEntry[]): readonly GalleryDay[] {
  const days = new Map<number, GalleryEntry[]>();
  for (const entry of entries) {
    const dayMs = new Date(entry.keptAtMs).setHours(0, 0, 0, 0);
    const day = days.get(dayMs);
    if (day === undefined) days.set(dayMs, [entry]);
    else day.push(entry);
  }
  return [...days].map(([dayMs, ofDay]) => ({ dayMs, entries: ofDay }));
}
