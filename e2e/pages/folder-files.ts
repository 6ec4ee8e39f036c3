import type { ModelFiles } from '../../src/engine/weights/model-files.ts';

/** One folder of `files` as files of its own. */
export function folderFiles(files: ModelFiles, folder: string): ModelFiles {
  const inside = (path: string) => `${folder}/${path}`;
  return {
    id: inside(''),
    has: (path) => files.has(inside(path)),
    size: (path) => files.size(inside(path)),
    read: (path, begin, end, signal) => files.read(inside(path), begin, end, signal),
    blob: async (path, onRead) => files.blob?.(inside(path), onRead),
  };
}
