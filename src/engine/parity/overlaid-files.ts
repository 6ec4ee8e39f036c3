/** Folders put together from others: a case's own scheduler or decoder in an otherwise unchanged model. */
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
  };
}

/** The same files, with another folder's files in place of one of the folders. */
export function mountedFiles(files: ModelFiles, folder: string, other: ModelFiles): ModelFiles {
  const prefix = `${folder}/`;
  const route = (path: string): [ModelFiles, string] =>
    path.startsWith(prefix) ? [other, path.slice(prefix.length)] : [files, path];
  return {
    id: `${files.id} with ${other.id} as ${folder}`,
    has(path) {
      const [source, name] = route(path);
      return source.has(name);
    },
    size(path) {
      const [source, name] = route(path);
      return source.size(name);
    },
    read(path, begin, end, signal) {
      const [source, name] = route(path);
      return source.read(name, begin, end, signal);
    },
    diskPath(path) {
      const [source, name] = route(path);
      return source.diskPath?.(name);
    },
  };
}
