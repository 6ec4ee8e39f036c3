/** Where things lie in the store. */

/** A file of a model: '<source folder>/<path>'. */
export function dataPath(file: string): string {
  return `files/${file}`;
}

/** Of the journaled manifest of a file. */
export function manifestPath(file: string): string {
  return `manifests/${file}`;
}

export const recordsFolder = 'models';

/** Of the journaled record of a model. */
export function recordPath(modelId: string): string {
  return `${recordsFolder}/${encodeURIComponent(modelId)}`;
}

/** The lock of a file: writers hold it alone, readers share it. */
export function fileLock(file: string): string {
  return `file:${file}`;
}

/** Of the whole store, in the origin's private file system. */
export const storeFolder = 'models';

/** What a stored model's component folders begin with, for the engine. */
export const storedMount = 'stored';
