import type { ModelFiles } from '../weights/model-files.ts';

/** The same files; `onRead` hears of every byte that was read. */
export function countingFiles(files: ModelFiles, onRead: (sizeBytes: number) => void): ModelFiles {
  return {
    id: files.id,
    has: (path) => files.has(path),
    size: (path) => files.size(path),
    async read(path, begin, end, signal) {
      const bytes = await files.read(path, begin, end, signal);
      onRead(bytes.length);
      return bytes;
    },
    diskPath: (path) => files.diskPath?.(path),
    blob: async (path, alsoOnRead) =>
      files.blob?.(path, (sizeBytes) => {
        onRead(sizeBytes);
        alsoOnRead?.(sizeBytes);
      }),
  };
}
