import { fetchRange, type RangeOptions } from './fetch-range.ts';
import type { RemoteFile } from './remote-file.ts';
import { WholeFileStream } from './whole-file-stream.ts';

/**
 * The bytes [begin, end) of a remote file; of a server without ranges, out of the file from its beginning.
 * @throws EngineError as `fetchRange`
 */
export async function readRemote(
  remote: RemoteFile,
  begin: number,
  end: number,
  options: RangeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (begin === end) return new Uint8Array(0);
  if (remote.takesRanges) return fetchRange(remote, begin, end, options);
  const whole = new WholeFileStream(remote, options);
  return whole.read(begin, end).finally(() => whole.end());
}
