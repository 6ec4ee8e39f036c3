import type { ModelFiles } from '../weights/model-files.ts';

/** The same files, with one text file in place of the folder's own. */
export function overlaidFiles(files: ModelFiles, path: string, text: string): ModelFiles {
  const bytes = new TextEncoder().encode(text);
  return {
    id: `${files.id} with ${path}`,
    has: async (name) => name === path || files.has(name),
    size: async (name) => (name === path ? bytes.length : files.size(name)),
    read: async (name, begin, end, signal) =>
      name === path ? bytes.slice(begin, end) : files.read(name, begin, end, signal),
    diskPath: (name) => (name === path ? undefined : files.diskPath?.(name)),
    blob: async (name, onRead) => (name === path ? undefined : files.blob?.(name, onRead)),
  };
}
