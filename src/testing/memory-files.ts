import { EngineError } from '../engine/core/errors.ts';
import type { ModelFiles } from '../engine/weights/model-files.ts';

/** Text files by path as ModelFiles, for tests. */
export function memoryFiles(texts: Readonly<Record<string, string>>): ModelFiles {
  const bytesOf = (path: string): Uint8Array<ArrayBuffer> => {
    const text = texts[path];
    if (text !== undefined) return new TextEncoder().encode(text);
    throw new EngineError('file-not-found', `${path} isn't there.`, { subject: path });
  };
  return {
    id: 'memory',
    has: async (path) => texts[path] !== undefined,
    size: async (path) => bytesOf(path).length,
    read: async (path, begin, end) => bytesOf(path).slice(begin, end),
  };
}
