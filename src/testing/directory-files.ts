/** A folder on disk as ModelFiles, for tests. */
import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFiles } from '../engine/weights/model-files.ts';

export function directoryFiles(directory: string): ModelFiles {
  return {
    id: directory,
    has: async (path) => existsSync(join(directory, path)),
    size: async (path) => (await stat(join(directory, path))).size,
    async read(path, begin, end) {
      const file = await open(join(directory, path));
      try {
        const bytes = new Uint8Array(end - begin);
        await file.read(bytes, 0, bytes.length, begin);
        return bytes;
      } finally {
        await file.close();
      }
    },
  };
}
