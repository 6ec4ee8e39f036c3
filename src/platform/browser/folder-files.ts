/** A model folder on the reader's disk, chosen or dropped: nothing of it is copied. */
import { SnapshotFiles } from '../store/snapshot-files.ts';
import { blobSnapshot } from './opfs-storage.ts';

/** By a directory handle, from a picker or a drop. */
export function directoryHandleFiles(id: string, root: FileSystemDirectoryHandle): SnapshotFiles {
  return new SnapshotFiles(id, async (path) => {
    const segments = path.split('/');
    const name = segments.pop()!;
    try {
      let folder = root;
      for (const segment of segments) folder = await folder.getDirectoryHandle(segment);
      return blobSnapshot(await (await folder.getFileHandle(name)).getFile());
    } catch (thrown) {
      const missing = ['NotFoundError', 'TypeMismatchError', 'TypeError'];
      if (missing.includes((thrown as Error).name)) return undefined;
      throw thrown;
    }
  });
}

/** Where the browser has no directory picker: the files of `<input webkitdirectory>`, by path inside the folder. */
export function chosenFiles(id: string, files: ReadonlyMap<string, File>): SnapshotFiles {
  return new SnapshotFiles(id, async (path) => {
    const file = files.get(path);
    return file && blobSnapshot(file);
  });
}
