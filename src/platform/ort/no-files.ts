import { EngineError } from '../../engine/core/errors.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';

/** For graphs that carry their own constants. */
export const noFiles: ModelFiles = {
  id: 'no files',
  has: async () => false,
  size: async (path) => missing(path),
  read: async (path) => missing(path),
};

function missing(path: string): never {
  throw new EngineError('file-not-found', `This graph has no files, so no ${path}.`, { subject: path });
}
