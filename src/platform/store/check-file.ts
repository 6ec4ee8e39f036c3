/** Stored files before use: every block against its digest, and a damaged one fetched again. */
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { RangeOptions } from '../hub/fetch-range.ts';
import { readRemote } from '../hub/read-remote.ts';
import type { RemoteFile } from '../hub/remote-file.ts';
import { blockDigest, hasDigest } from './block-digest.ts';
import { assertSameVersion, planFor } from './download-file.ts';
import type { FileManifest } from './file-manifest.ts';
import type { ModelStorage } from './storage.ts';
import { dataPath } from './stored-path.ts';

/**
 * @param onBytes told of bytes as they are checked
 * @returns the numbers of the blocks whose bytes are not those that were written
 * @throws EngineError 'aborted'
 */
export async function damagedBlocks(
  storage: ModelStorage,
  file: string,
  { blocks }: FileManifest,
  signal?: CancelSignal,
  onBytes?: (count: number) => void,
): Promise<readonly number[]> {
  const snapshot = await storage.snapshot(dataPath(file));
  const damaged: number[] = [];
  let begin = 0;
  for (const [i, { end, digest }] of blocks.entries()) {
    throwIfAborted(signal);
    const bytes = await snapshot?.read(begin, end).catch(() => undefined);
    if (bytes?.length !== end - begin || !(await hasDigest(bytes, digest))) damaged.push(i);
    onBytes?.(end - begin);
    begin = end;
  }
  return damaged;
}

/**
 * Fetches blocks again and puts them in their places. The caller holds the file's lock.
 * @throws EngineError 'file-changed' when the hub has another version by now; what fetching and writing throw
 */
export async function repairBlocks(
  storage: ModelStorage,
  file: string,
  manifest: FileManifest,
  remote: RemoteFile,
  damaged: readonly number[],
  options: RangeOptions,
): Promise<void> {
  assertSameVersion(manifest, remote);
  const read = (begin: number, end: number) => readRemote(remote, begin, end, options);
  const plan = await planFor(remote, manifest.storedAs, manifest.blockBytes, options);
  const data = await storage.open(dataPath(file));
  try {
    for (const i of damaged) {
      const { begin, end } = plan.block(i);
      const stored = plan.convert(i, await read(begin, end));
      const { digest } = manifest.blocks[i]!;
      if (!(await hasDigest(stored, digest))) throw stillWrong(file, await blockDigest(stored), digest);
      await data.write(stored, manifest.blocks[i - 1]?.end ?? 0);
    }
    await data.truncate(manifest.storedBytes);
    await data.flush();
  } finally {
    await data.close();
  }
}

function stillWrong(file: string, found: string, wanted: string): EngineError {
  return new EngineError('file-malformed', `A damaged block of ${file} could not be mended.`, {
    subject: file,
    found: `block of digest ${found}`,
    wanted: `block of digest ${wanted}`,
    remedy: 'Delete the model and download it again.',
  });
}
