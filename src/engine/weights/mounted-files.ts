import type { ModelFiles } from './model-files.ts';

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
    async blob(path, onRead) {
      const [source, name] = route(path);
      return source.blob?.(name, onRead);
    },
  };
}
