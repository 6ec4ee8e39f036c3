/** What a store can't do, for the reader. */
import { EngineError } from '../../engine/core/errors.ts';

export function notStored(id: string): EngineError {
  return new EngineError('file-not-found', `${id} is not in the store.`, {
    subject: id,
    found: 'no complete copy',
    wanted: 'a downloaded model',
    remedy: 'Download it first.',
  });
}

export function busy(id: string): EngineError {
  return new EngineError('storage-busy', `${id} is in use in another tab.`, {
    subject: id,
    found: 'a lock held by another tab',
    wanted: 'no other user',
    remedy: 'Close the other tab, or wait until it is done.',
  });
}

export function damagedOffline(file: string, count: number, cause: unknown): EngineError {
  const { code, message } = EngineError.from(cause);
  return new EngineError('file-malformed', `${file} is damaged on disk and could not be mended.`, {
    subject: file,
    found: `${count} ${count === 1 ? 'block' : 'blocks'} with other bytes than were stored (${message})`,
    wanted: 'the bytes that were downloaded',
    remedy:
      code === 'access-denied'
        ? 'Open Models, enter the access token under Hub and token, and choose Check files: only the damaged blocks are fetched.'
        : 'Connect and open the model again: only the damaged blocks are fetched.',
    cause,
  });
}
