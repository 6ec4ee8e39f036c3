/** What the store knows of one file: where it came from, how far it is, and a digest of each stored block. */
import { isJsonObject, type JsonObject } from '../../engine/weights/json-document.ts';
import type { StoredAs } from './storage-plan.ts';

export interface StoredBlock {
  /** Where the block ends on disk; it begins where the one before it ends. */
  readonly end: number;
  /** Hexadecimal: of `blockDigest`; a SHA-256 in manifests written before that. */
  readonly digest: string;
}

export interface FileManifest {
  readonly url: string;
  readonly etag: string | undefined;
  /** The hub's hash of the remote file; undefined where the hub told none. */
  readonly expectedSha256: string | undefined;
  /** Git's name of the remote file, where the hub told that one. */
  readonly gitBlobId?: string | undefined;
  readonly sizeBytes: number;
  readonly storedAs: StoredAs;
  readonly storedBytes: number;
  readonly blockBytes: number;
  readonly blockCount: number;
  /** The blocks that are on disk, from the first on. */
  readonly blocks: readonly StoredBlock[];
  /** The streaming hash after those blocks, base64; undefined once the file is complete. */
  readonly hashState: string | undefined;
  /** SHA-256 of the remote file; present once the file is complete. */
  readonly sha256: string | undefined;
}

const hexadecimal = /^[0-9a-f]{64}$/u;
const blockDigest = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/u;

/** undefined for anything that contradicts itself: the file is then fetched anew. */
export function parseFileManifest(value: JsonObject | undefined): FileManifest | undefined {
  if (!value) return undefined;
  const { url, etag, expectedSha256, sizeBytes, storedAs, storedBytes, blockBytes, blockCount } = value;
  const { blocks, hashState, sha256, gitBlobId } = value;
  const texts = [etag, hashState, gitBlobId];
  if (typeof url !== 'string' || !texts.every(isOptionalText)) return undefined;
  if (!isOptionalHash(expectedSha256) || !isOptionalHash(sha256)) return undefined;
  if (storedAs !== 'original' && storedAs !== 'float16') return undefined;
  if (!isSize(sizeBytes) || !isSize(storedBytes) || !isSize(blockBytes) || !isSize(blockCount))
    return undefined;
  if (blockBytes === 0 || blockCount === 0 || !Array.isArray(blocks) || blocks.length > blockCount) {
    return undefined;
  }
  const read = readBlocks(blocks);
  const last = read?.at(-1)?.end ?? 0;
  if (!read || last > storedBytes) return undefined;
  if (sha256 !== undefined && (read.length !== blockCount || last !== storedBytes)) return undefined;
  // Written without what is undefined.
  return {
    ...value,
    blocks: read,
    etag,
    expectedSha256,
    gitBlobId,
    hashState,
    sha256,
  } as unknown as FileManifest;
}

/** @returns undefined when one of them is none, or ends before the one before it */
function readBlocks(blocks: readonly unknown[]): readonly StoredBlock[] | undefined {
  let last = 0;
  const read: StoredBlock[] = [];
  for (const block of blocks) {
    if (!isJsonObject(block) || !isSize(block.end) || block.end < last) return undefined;
    const digest = block.digest ?? block.sha256;
    if (typeof digest !== 'string' || !blockDigest.test(digest)) return undefined;
    last = block.end;
    read.push({ end: last, digest });
  }
  return read;
}

export function isComplete(
  manifest: FileManifest | undefined,
): manifest is FileManifest & { readonly sha256: string } {
  return manifest?.sha256 !== undefined;
}

/** 0 to 1, in blocks of the remote file. */
export function fetchedShare(manifest: FileManifest | undefined): number {
  return manifest ? manifest.blocks.length / manifest.blockCount : 0;
}

/** Bytes on disk that the manifest vouches for. */
export function vouchedBytes({ blocks }: Pick<FileManifest, 'blocks'>): number {
  return blocks.at(-1)?.end ?? 0;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isOptionalHash(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && hexadecimal.test(value));
}
