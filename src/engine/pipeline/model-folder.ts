/** Small files of a model folder: configs, and which weights a component has. */
import { type JsonObject, parseJsonObject } from '../weights/json-document.ts';
import type { ModelFiles } from '../weights/model-files.ts';

/** @throws EngineError 'file-not-found' | 'file-malformed' */
export async function readJsonFile(files: ModelFiles, path: string): Promise<JsonObject> {
  return parseJsonObject(await files.read(path, 0, await files.size(path)), path);
}

/** A path inside a component's folder; '' is the root. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
