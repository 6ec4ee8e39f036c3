/** Small files of a model folder: configs, and which weights a component has. */
import { EngineError } from '../core/errors.ts';
import { type JsonObject, parseJsonObject } from '../weights/json-document.ts';
import type { ModelFiles } from '../weights/model-files.ts';

/** Configs are pages of text; what is larger is another file, and would be held in memory several times over. */
const maximumConfigBytes = 10 * 2 ** 20;

/** @throws EngineError 'file-not-found' | 'file-malformed' */
export async function readJsonFile(files: ModelFiles, path: string): Promise<JsonObject> {
  return parseJsonObject(await readConfigFile(files, path), path);
}

/** @throws EngineError 'file-not-found'; 'file-malformed' for a file that is too large for a config */
export async function readConfigFile(files: ModelFiles, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const size = await files.size(path);
  if (size <= maximumConfigBytes) return files.read(path, 0, size);
  throw new EngineError('file-malformed', `${path} is too large for a config.`, {
    subject: path,
    found: `${size} bytes`,
    wanted: `at most ${maximumConfigBytes}`,
    remedy: 'Download the file again: this is another one.',
  });
}

/** A path inside a component's folder; '' is the root. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
