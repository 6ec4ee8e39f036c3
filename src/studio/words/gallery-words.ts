/** What the gallery says of its entries. */
import type { GalleryEntry, KeptPicture } from '../gallery/entry.ts';
import { totalBytes } from '../gallery/entry.ts';
import type { KeepOutcome } from '../gallery/gallery.ts';
import type { GalleryState } from '../gallery/gallery-state.ts';
import { bytesText, secondsText } from './measures.ts';

export const promptOf = ({ pictures }: GalleryEntry): string =>
  pictures[0]?.settings.prompt.trim() || 'An empty prompt';

const stepsText = (count: number): string => `${count} ${count === 1 ? 'step' : 'steps'}`;

/** A line of its own below the model's: '1 step, 0.14 s' of a pair, '1 step, seed 7' of a single picture. */
export function pictureFacts({ settings, totalMs }: KeptPicture, pair: boolean): string {
  const steps = stepsText(settings.stepCount);
  return pair ? `${steps}, ${secondsText(totalMs)} s` : `${steps}, seed ${settings.seed}`;
}

/** Beside the menu; of a failure the notice says more. */
export const keepOutcomeText: Readonly<Record<KeepOutcome, string>> = {
  kept: 'Kept',
  failed: 'Not kept',
  unavailable: 'Not kept: this browser stores nothing',
};

export function countText(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
}

/** '12 entries, 1.2 MB; this browser allows 38.60 GB' */
export function amountText({ entries, storage }: Pick<GalleryState, 'entries' | 'storage'>): string {
  const amount = `${countText(entries.length)}, ${bytesText(totalBytes(entries))}`;
  return storage === null ? amount : `${amount}; this browser allows ${bytesText(storage.quotaBytes)}`;
}

/** 'Today', 'Yesterday', 'Tuesday 3 June', with the year where it isn't this one. */
export function dayText(dayMs: number, nowMs: number): string {
  const day = new Date(dayMs);
  const today = new Date(nowMs);
  const daysAgo = Math.round((today.setHours(0, 0, 0, 0) - dayMs) / 86_400_000);
  if (daysAgo === 0) return 'Today';
  if (daysAgo === 1) return 'Yesterday';
  const date = day.toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(day.getFullYear() !== today.getFullYear() && { year: 'numeric' }),
  });
  return date.replace(',', '');
}
