/** What a row of the models dialog says of its model. */
import type { DownloadProgress, PublishedModel } from '../../worker/store-protocol.ts';
import type { ModelRow } from '../state/models.ts';
import { bytesPerSecondText, bytesText, timeLeftText } from './byte-words.ts';

/** '1.20 of 4.27 GB, 24.3 MB/s, 2 min left', or why it waits. */
export function downloadText(progress: DownloadProgress | null): string {
  if (progress === null || progress.phase === 'asking') return 'Asking the hub';
  const { phase, receivedBytes, totalBytes, bytesPerSecond, secondsLeft, reason, waitMs } = progress;
  const amount = `${bytesText(receivedBytes)} of ${bytesText(totalBytes)}`;
  if (phase === 'waiting') {
    const wait =
      waitMs === undefined || waitMs < 1000 ? '' : `, trying again in ${Math.round(waitMs / 1000)} s`;
    return `${totalBytes > 0 ? `${amount}. ` : ''}Waiting: ${reason ?? 'no answer yet'}${wait}`;
  }
  const rate = bytesPerSecond === undefined ? [] : [bytesPerSecondText(bytesPerSecond)];
  const left = secondsLeft === undefined || receivedBytes === totalBytes ? [] : [timeLeftText(secondsLeft)];
  return [amount, ...rate, ...left].join(', ');
}

export function presenceText({ stored, published }: Pick<ModelRow, 'stored' | 'published'>): string {
  if (stored?.complete) return `Here, ${bytesText(stored.storedBytes)}`;
  if (stored)
    return `Paused, ${bytesText(stored.storedBytes)} here of ${bytesText(stored.sizeBytes)} to fetch`;
  return published ? `About ${bytesText(publishedBytes(published))} to fetch` : 'Not here';
}

/** As the catalogue knows it; the hub is asked before anything is fetched. */
function publishedBytes({ parts, delta }: PublishedModel): number {
  const all = [...Object.values(parts), ...(delta ? [delta.finetuned, delta.original] : [])];
  return all.reduce(
    (sum: number, part: { approximateBytes?: number | undefined }) => sum + (part.approximateBytes ?? 0),
    0,
  );
}
