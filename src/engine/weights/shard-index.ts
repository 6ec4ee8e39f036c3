/** `*.safetensors.index.json`: which shard holds which tensor. */
import type { CancelSignal } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import { isJsonObject, parseJsonObject, quote } from './json-document.ts';
import type { ModelFiles } from './model-files.ts';
import { readRange } from './read-range.ts';
import { longestName, maximumHeaderBytes } from './safetensors-header.ts';

/**
 * @returns path of the shard, inside the model folder, by tensor name
 * @throws EngineError 'file-malformed'; 'aborted'; what `files` throws
 */
export async function readShardIndex(
  files: ModelFiles,
  path: string,
  signal?: CancelSignal,
): Promise<ReadonlyMap<string, string>> {
  const size = await files.size(path);
  if (size > maximumHeaderBytes) {
    throw malformed(path, 'is too large for an index', `${size} bytes`, `at most ${maximumHeaderBytes}`);
  }
  const { weight_map: weightMap } = parseJsonObject(await readRange(files, path, 0, size, signal), path);
  if (!isJsonObject(weightMap)) {
    throw malformed(path, 'has no weight_map', quote(weightMap), 'file names by tensor name');
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const shards = new Map<string, string>();
  for (const [name, shard] of Object.entries(weightMap)) {
    if (name.length > longestName) {
      throw malformed(
        path,
        'has too long a name of a tensor',
        `${name.length} characters`,
        `at most ${longestName}`,
      );
    }
    // Published indexes name files beside them; anything else could lead out of the model's folder.
    if (typeof shard !== 'string' || !/^[^/\\:\0]+$/.test(shard) || shard === '.' || shard === '..') {
      throw malformed(
        path,
        `puts tensor ${quote(name)} into no file`,
        quote(shard),
        'a file beside the index',
      );
    }
    shards.set(name, folder + shard);
  }
  if (shards.size === 0) throw malformed(path, 'has an empty weight_map', '{}', 'at least one tensor');
  return shards;
}

function malformed(path: string, what: string, found: string, wanted: string): EngineError {
  return new EngineError('file-malformed', `${path} ${what}.`, {
    subject: path,
    found,
    wanted,
    remedy: 'Download the index again.',
  });
}
