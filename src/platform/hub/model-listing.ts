/** What the hub says of a model: its files with sizes and hashes, its licence, whether it is gated. */
import { EngineError } from '../../engine/core/errors.ts';
import { isJsonObject, parseJsonObject } from '../../engine/weights/json-document.ts';
import { assertServed } from './hub-errors.ts';
import { type HubAccess, type HubSource, isPlainPath } from './model-source.ts';
import { type Transport, watchedFetch, withPatience } from './transport.ts';

export interface ListedModelFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256?: string | undefined;
  readonly gitBlobId?: string | undefined;
}

export interface ModelListing {
  /** Every file is fetched from this commit, so that two versions can't be mixed. */
  readonly commit: string | undefined;
  readonly gated: boolean;
  /** As the model card names it: 'creativeml-openrail-m'. */
  readonly licence: string | undefined;
  readonly files: readonly ListedModelFile[];
}

/** A listing of thousands of files is a few hundred kilobytes. */
const largestListing = 16 * 1024 * 1024;

/**
 * @returns undefined where the server has no such API: a mirror that only serves files
 * @throws EngineError 'access-denied' | 'file-malformed' | 'network-failed' | 'aborted'
 */
export async function fetchModelListing(
  { id, revision }: HubSource,
  { baseUrl }: HubAccess,
  transport: Transport,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<ModelListing | undefined> {
  const url = `${baseUrl}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const subject = `listing of ${id}`;
  try {
    return await withPatience(subject, transport, signal, async () => {
      const watched = await watchedFetch(url, transport, { headers, signal });
      try {
        assertServed(watched.response, subject);
        const reader = watched.response.body!.getReader();
        const pieces: Uint8Array<ArrayBuffer>[] = [];
        for (let received = 0; ; ) {
          const { done, value } = await reader.read();
          if (done) break;
          watched.alive();
          received += value.length;
          if (received > largestListing) throw malformed(id, `more than ${largestListing} bytes`);
          pieces.push(value);
        }
        return parseModelListing(new Uint8Array(await new Blob(pieces).arrayBuffer()), id);
      } catch (thrown) {
        throw watched.failure(thrown);
      } finally {
        watched.end();
      }
    });
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'file-not-found') return undefined;
    throw thrown;
  }
}

/**
 * @param bytes JSON of /api/models/{id}?blobs=true
 * @throws EngineError 'file-malformed'
 */
export function parseModelListing(bytes: Uint8Array<ArrayBuffer>, id: string): ModelListing {
  const { sha, gated, cardData, siblings } = parseJsonObject(bytes, `listing of ${id}`);
  if (!Array.isArray(siblings)) throw malformed(id, 'no list of siblings');
  const licence = isJsonObject(cardData) ? cardData.license : undefined;
  return {
    commit: typeof sha === 'string' && /^[0-9a-f]{40}$/u.test(sha) ? sha : undefined,
    gated: gated !== undefined && gated !== false,
    licence: typeof licence === 'string' ? licence : undefined,
    files: siblings.map((sibling) => parseSibling(sibling, id)),
  };
}

function parseSibling(sibling: unknown, id: string): ListedModelFile {
  const { rfilename: path, size, blobId, lfs } = isJsonObject(sibling) ? sibling : {};
  if (typeof path !== 'string' || !isPlainPath(path))
    throw malformed(id, `a file named ${JSON.stringify(path)}`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw malformed(id, `size ${JSON.stringify(size)} of ${path}`);
  }
  const sha256 = isJsonObject(lfs) ? lfs.sha256 : undefined;
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/u.test(sha256)) return { path, sizeBytes: size, sha256 };
  if (typeof blobId === 'string' && /^[0-9a-f]{40}$/u.test(blobId)) {
    return { path, sizeBytes: size, gitBlobId: blobId };
  }
  return { path, sizeBytes: size };
}

function malformed(id: string, found: string): EngineError {
  return new EngineError('file-malformed', `The hub's listing of ${id} can't be read.`, {
    subject: `listing of ${id}`,
    found,
    wanted: 'files with names and sizes',
    remedy: 'Try again; if it stays so, use another address for the hub.',
  });
}
