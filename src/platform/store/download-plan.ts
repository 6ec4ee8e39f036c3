/** What a download would take: bytes to fetch, to keep, and of room. */
import { EngineError } from '../../engine/core/errors.ts';
import { type FileManifest, fetchedShare } from './file-manifest.ts';
import type { ModelRequest } from './model-request.ts';
import { expectedStoredBytes, type ResolvedModel } from './resolve-model.ts';

export interface DownloadPlan {
  readonly request: ModelRequest;
  readonly fileCount: number;
  /** Of all files as published. */
  readonly sizeBytes: number;
  /** Still to be fetched, and still to be written; the latter is an estimate where files are converted. */
  readonly downloadBytes: number;
  readonly storeBytes: number;
  /** What the disk has still to give: less than `storeBytes` where a download that was begun holds its room. */
  readonly roomBytes: number;
  readonly freeBytes: number;
  readonly gated: boolean;
  readonly licences: readonly string[];
}

/** What is here of a file. */
export interface FilePresence {
  readonly manifest: FileManifest | undefined;
  /** On disk, its room included; 0 where there is none. */
  readonly takenBytes: number;
}

export async function planDownload(
  request: ModelRequest,
  { files, gated, licences }: ResolvedModel,
  freeBytes: number,
  presenceOf: (file: string) => Promise<FilePresence>,
): Promise<DownloadPlan> {
  let downloadBytes = 0;
  let storeBytes = 0;
  let roomBytes = 0;
  for (const file of files) {
    const { manifest, takenBytes } = await presenceOf(file.file);
    const rest = 1 - fetchedShare(manifest);
    const whole = manifest?.storedBytes ?? expectedStoredBytes(file, request.storeAs);
    downloadBytes += Math.round(file.sizeBytes * rest);
    storeBytes += Math.round(whole * rest);
    roomBytes += Math.max(0, whole - takenBytes);
  }
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return {
    request,
    fileCount: files.length,
    sizeBytes,
    downloadBytes,
    storeBytes,
    roomBytes,
    freeBytes,
    gated,
    licences,
  };
}

export function noRoom({ roomBytes, freeBytes, request }: DownloadPlan): EngineError {
  return new EngineError('storage-full', `There is not enough room for ${request.title}.`, {
    subject: request.id,
    found: freeBytes < roomBytes ? `${freeBytes} bytes free` : 'less than the browser estimated',
    wanted: `${roomBytes} bytes`,
    remedy: 'Delete a stored model, free space on the disk, or keep the weights as float16.',
  });
}
