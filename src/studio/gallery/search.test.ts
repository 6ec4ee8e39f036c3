import { describe, expect, it } from 'vitest';
import { galleryEntry } from '../test/sample-entries.ts';
import { entriesByDay, listedEntries } from './search.ts';

const entries = [
  galleryEntry({ prompt: 'A red fox at night', at: Date.parse('2026-03-02T09:00') }),
  galleryEntry({ prompt: 'an owl', at: Date.parse('2026-03-02T01:00'), starred: true, pictures: 1 }),
  galleryEntry({ prompt: 'a fox and an owl', at: Date.parse('2026-03-01T23:59') }),
];
const found = (query: string, filter: 'all' | 'pairs' | 'starred' = 'all') =>
  listedEntries(entries, filter, query).map((entry) => entries.indexOf(entry));

describe('search in the gallery', () => {
  it('wants every word, in any order and case', () => {
    expect(found('')).toEqual([0, 1, 2]);
    expect(found(' OWL  fox')).toEqual([2]);
    expect(found('fox')).toEqual([0, 2]);
    expect(found('cat')).toEqual([]);
  });

  it('looks at model, seed and steps too', () => {
    expect(found('2-RF-nano')).toEqual([0, 2]);
    expect(found('seed 7 4 steps')).toEqual([0, 1, 2]);
  });

  it('filters', () => {
    expect(found('', 'starred')).toEqual([1]);
    expect(found('owl', 'pairs')).toEqual([2]);
  });

  it('groups by day, as the reader has days', () => {
    const days = entriesByDay(entries).map(({ dayMs, entries: ofDay }) => [
      new Date(dayMs).getDate(),
      ofDay.length,
    ]);
    expect(days).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });
});
