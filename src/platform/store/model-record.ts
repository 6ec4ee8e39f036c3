/** What the store remembers of a model: what was asked for and accepted, and which files belong to it. */
import { isJsonObject } from '../../engine/weights/json-document.ts';
import { isPlainPath } from '../hub/model-source.ts';
import { journaledPath, readJournaled } from './journaled-document.ts';
import { type ModelRequest, parseModelRequest } from './model-request.ts';
import type { ModelStorage } from './storage.ts';
import { recordPath, recordsFolder } from './stored-path.ts';

export interface RecordedFile {
  /** In the store: '<source folder>/<path>'. */
  readonly file: string;
  readonly path: string;
  readonly url: string;
  readonly sizeBytes: number;
}

export interface ModelRecord {
  readonly request: ModelRequest;
  readonly files: readonly RecordedFile[];
  /** Every file is there and had the right hash. */
  readonly complete: boolean;
  /** What the reader accepted before the first byte, and when (ISO 8601). */
  readonly accepted: { readonly licence: string; readonly at: string };
}

export async function readRecord(storage: ModelStorage, id: string): Promise<ModelRecord | undefined> {
  return parseModelRecord(await readJournaled(storage, recordPath(id)));
}

/** In no order; records that can't be read are left out. */
export async function readRecords(storage: ModelStorage): Promise<readonly ModelRecord[]> {
  const paths = (await storage.list(recordsFolder)).map(journaledPath);
  const records: ModelRecord[] = [];
  for (const path of new Set(paths)) {
    const record = path === undefined ? undefined : parseModelRecord(await readJournaled(storage, path));
    if (record) records.push(record);
  }
  return records;
}

export function parseModelRecord(value: unknown): ModelRecord | undefined {
  if (!isJsonObject(value)) return undefined;
  const { files, complete, accepted } = value;
  const request = parseModelRequest(value.request);
  if (!request || typeof complete !== 'boolean' || !isJsonObject(accepted) || !Array.isArray(files)) {
    return undefined;
  }
  const { licence, at } = accepted;
  if (typeof licence !== 'string' || typeof at !== 'string' || !files.every(isRecordedFile)) return undefined;
  return { request, files, complete, accepted: { licence, at } };
}

function isRecordedFile(value: unknown): value is RecordedFile {
  if (!isJsonObject(value)) return false;
  const { file, path, url, sizeBytes } = value;
  return (
    typeof file === 'string' &&
    isPlainPath(file) &&
    typeof path === 'string' &&
    typeof url === 'string' &&
    typeof sizeBytes === 'number' &&
    Number.isSafeInteger(sizeBytes) &&
    sizeBytes >= 0
  );
}
