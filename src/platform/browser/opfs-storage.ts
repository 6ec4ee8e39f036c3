/** ModelStorage in the browser's origin-private file system. Writing needs a worker: only there are handles synchronous. */
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelStorage, StorageFile, StorageSnapshot } from '../store/storage.ts';

/** @param root `await navigator.storage.getDirectory()`, or a folder in it */
export function opfsStorage(root: FileSystemDirectoryHandle, manager: StorageManager): ModelStorage {
  return {
    async open(path) {
      const { folder, name } = await locate(root, path, true);
      try {
        const file = await folder!.getFileHandle(name, { create: true });
        return openFile(path, await file.createSyncAccessHandle());
      } catch (thrown) {
        throw storageError(path, thrown);
      }
    },
    async snapshot(path) {
      const { folder, name } = await locate(root, path, false);
      const handle = await folder?.getFileHandle(name).catch(ignoreMissing);
      return handle && blobSnapshot(await handle.getFile());
    },
    async list(path) {
      const { folder, name } = await locate(root, path, false);
      const found = await folder?.getDirectoryHandle(name).catch(ignoreMissing);
      return found ? listFiles(found, path) : [];
    },
    async remove(path) {
      const { folder, name } = await locate(root, path, false);
      try {
        await folder?.removeEntry(name, { recursive: true }).catch(ignoreMissing);
      } catch (thrown) {
        throw storageError(path, thrown);
      }
    },
    async estimate() {
      const { usage = 0, quota = 0 } = await manager.estimate();
      return { usedBytes: usage, freeBytes: Math.max(0, quota - usage) };
    },
  };
}

/** A file of a browser, in the store or chosen by the reader, as something to read ranges of. */
export function blobSnapshot(blob: Blob): StorageSnapshot {
  return {
    sizeBytes: blob.size,
    blob,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}

function openFile(path: string, handle: FileSystemSyncAccessHandle): StorageFile {
  let open = true;
  return {
    size: async () => handle.getSize(),
    async read(begin, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, handle.getSize()) - begin));
      const count = handle.read(bytes, { at: begin });
      return bytes.subarray(0, count);
    },
    async write(bytes, at) {
      try {
        // A full disk may also show as a short write.
        const written = handle.write(bytes as Uint8Array<ArrayBuffer>, { at });
        if (written < bytes.length) throw new DOMException('short write', 'QuotaExceededError');
      } catch (thrown) {
        throw storageError(path, thrown);
      }
    },
    async truncate(sizeBytes) {
      try {
        handle.truncate(sizeBytes);
      } catch (thrown) {
        throw storageError(path, thrown);
      }
    },
    async flush() {
      handle.flush();
    },
    async close() {
      if (open) handle.close();
      open = false;
    },
  };
}

async function locate(
  root: FileSystemDirectoryHandle,
  path: string,
  create: boolean,
): Promise<{ readonly folder: FileSystemDirectoryHandle | undefined; readonly name: string }> {
  const segments = path.split('/');
  const name = segments.pop()!;
  let folder: FileSystemDirectoryHandle | undefined = root;
  for (const segment of segments) {
    folder = await folder?.getDirectoryHandle(segment, { create }).catch(ignoreMissing);
  }
  return { folder, name };
}

async function listFiles(folder: FileSystemDirectoryHandle, path: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const [name, entry] of folder.entries()) {
    const inside = `${path}/${name}`;
    if (entry.kind === 'file') paths.push(inside);
    else paths.push(...(await listFiles(entry as FileSystemDirectoryHandle, inside)));
  }
  return paths;
}

function ignoreMissing(thrown: unknown): undefined {
  if (
    thrown instanceof DOMException &&
    (thrown.name === 'NotFoundError' || thrown.name === 'TypeMismatchError')
  ) {
    return undefined;
  }
  throw thrown;
}

function storageError(path: string, thrown: unknown): EngineError {
  const name = thrown instanceof DOMException ? thrown.name : '';
  const found = thrown instanceof Error ? thrown.message : String(thrown);
  if (name === 'QuotaExceededError') {
    return new EngineError('storage-full', 'The browser gives no more storage.', {
      subject: path,
      found,
      wanted: 'room for the rest of the model',
      remedy: 'Delete a stored model or free space on the disk, then continue: what has come so far is kept.',
      cause: thrown,
    });
  }
  if (name === 'NoModificationAllowedError' || name === 'InvalidStateError') {
    return new EngineError('storage-busy', 'Another tab has this file open.', {
      subject: path,
      found,
      wanted: 'the file for this tab alone',
      remedy: 'Close the other tab, or wait until its download is done.',
      cause: thrown,
    });
  }
  return new EngineError('internal', `The browser's storage failed for ${path}.`, {
    subject: path,
    found,
    cause: thrown,
  });
}
