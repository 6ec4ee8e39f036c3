import type { ModelFiles } from '../../engine/weights/model-files.ts';

/** A file as a model folder of one file, for the engine's readers of headers and indexes. */
export function oneFile(
  path: string,
  sizeBytes: number,
  read: (begin: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
): ModelFiles {
  return {
    id: path,
    has: async (asked) => asked === path,
    size: async () => sizeBytes,
    read: (_, begin, end) => read(begin, end),
  };
}
