import { describe, expect, it } from 'vitest';
import { galleryEntry } from '../test/sample-entries.ts';
import { amountText, dayText, pictureFacts } from './gallery-words.ts';

describe("the gallery's words", () => {
  it('say what a picture is', () => {
    const [a] = galleryEntry().pictures;
    expect(pictureFacts(a!, true)).toBe('4 steps, 0.060 s');
    expect(pictureFacts(a!, false)).toBe('4 steps, seed 7');
  });

  it('say how much is kept, and how much could be', () => {
    const entries = [galleryEntry({ sizeBytes: 2_400_000 })];
    expect(amountText({ entries, storage: null })).toBe('1 entry, 2.4 MB');
    expect(amountText({ entries: [], storage: { usageBytes: 0, quotaBytes: 2e9 } })).toBe(
      '0 entries, 0 KB; this browser allows 2.00 GB',
    );
  });

  it('name days', () => {
    const midnight = (day: string) => new Date(`${day}T00:00`).getTime();
    const now = new Date('2026-06-04T15:00').getTime();
    expect(dayText(midnight('2026-06-04'), now)).toBe('Today');
    expect(dayText(midnight('2026-06-03'), now)).toBe('Yesterday');
    expect(dayText(midnight('2026-06-02'), now)).toBe('Tuesday 2 June');
    expect(dayText(midnight('2025-12-24'), now)).toBe('Wednesday 24 December 2025');
  });
});
