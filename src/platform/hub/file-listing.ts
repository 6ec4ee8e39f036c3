/** What the server has: written at build time beside the models, so that nothing is asked for that isn't there. */
import { EngineError } from '../../engine/core/errors.ts';
import { isJsonObject, parseJsonObject } from '../../engine/weights/json-document.ts';

export interface ListedFile {
  readonly sizeBytes: number;
  /** Names the content: part of the address, so that a browser may keep the file for good. */
  readonly hash: string;
}

/** Path, relative to the models' root, to file. */
export type FileListing = ReadonlyMap<string, ListedFile>;

/** Under the models' root. */
export const listingPath = 'files.json';

/**
 * @param bytes JSON: {"files": {"nano/unet/config.json": {"sizeBytes": 812, "hash": "9f2c..."}}}
 * @throws EngineError 'file-malformed'
 */
export function parseFileListing(bytes: Uint8Array<ArrayBuffer>): FileListing {
  const { files } = parseJsonObject(bytes, listingPath);
  if (!isJsonObject(files)) throw malformed('files', JSON.stringify(files) ?? 'nothing');
  const listing = new Map<string, ListedFile>();
  for (const [path, file] of Object.entries(files)) {
    const { sizeBytes, hash } = isJsonObject(file) ? file : {};
    if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || typeof hash !== 'string') {
      throw malformed(path, JSON.stringify(file));
    }
    listing.set(path, { sizeBytes, hash });
  }
  return listing;
}

function malformed(subject: string, found: string): EngineError {
  return new EngineError('file-malformed', `${listingPath} has no size and hash for ${subject}.`, {
    subject: `${listingPath}: ${subject}`,
    found,
    wanted: '{"sizeBytes": a whole number, "hash": text}',
    remedy: 'Build the page again.',
  });
}
