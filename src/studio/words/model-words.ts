/** What a row of the models dialog says of its model. */
import type { DownloadProgress, PublishedModel } from '../../worker/store-protocol.ts';
import type { ModelRow } from '../state/models.ts';
import { bytesPerSecondText, bytesText, timeLeftText } from './byte-words.ts';

/** 'Checking, 1.20 of 2.13 GB'. */
export function checkText(progress: DownloadProgress | null): string {
  if (progress === null || progress.totalBytes === 0) return 'Checking';
  return `Checking, ${bytesText(progress.receivedBytes)} of ${bytesText(progress.totalBytes)}`;
}

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

export function presenceText({
  stored,
  published,
  mended,
}: Pick<ModelRow, 'stored' | 'published' | 'mended'>): string {
  if (stored?.complete) return `Here, ${bytesText(stored.storedBytes)}${mendedText(mended)}`;
  if (stored) return `Paused, ${bytesText(stored.receivedBytes)} of ${bytesText(stored.sizeBytes)} fetched`;
  return published ? `About ${bytesText(publishedBytes(published))} to fetch` : 'Not here';
}

function mendedText(mended: number | null): string {
  if (mended === null) return '';
  if (mended === 0) return '. All files are right';
  return mended === 1
    ? '. One damaged block was fetched again'
    : `. ${mended} damaged blocks were fetched again`;
}

/** As the catalogue knows it; the hub is asked before anything is fetched. */
function publishedBytes({ parts, delta }: PublishedModel): number {
  const all = [...Object.values(parts), ...(delta ? [delta.finetuned, delta.original] : [])];
  return all.reduce(
    (sum: number, part: { approximateBytes?: number | undefined }) => sum + (part.approximateBytes ?? 0),
    0,
  );
}
