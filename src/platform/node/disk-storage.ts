/** ModelStorage in a folder on disk, for the command line and for tests. */
import { type FileHandle, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EngineError } from '../../engine/core/errors.ts';
import type { ModelStorage, StorageFile, StorageSnapshot } from '../store/storage.ts';

export function diskStorage(root: string): ModelStorage {
  return {
    async open(path) {
      const location = join(root, path);
      await mkdir(dirname(location), { recursive: true });
      const handle = await open(location, 'r+').catch(() => open(location, 'w+'));
      return openFile(path, handle);
    },
    async snapshot(path) {
      const location = join(root, path);
      const found = await stat(location).catch(() => undefined);
      return found?.isFile() ? diskSnapshot(location, found.size) : undefined;
    },
    async list(folder) {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
    },
    async remove(path) {
      await rm(join(root, path), { recursive: true, force: true });
    },
    async estimate() {
      await mkdir(root, { recursive: true });
      const { bavail, bsize, blocks, bfree } = await statfs(root);
      return { usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
    },
  };
}

function diskSnapshot(location: string, sizeBytes: number): StorageSnapshot {
  return {
    sizeBytes,
    async read(begin, end) {
      const handle = await open(location, 'r');
      try {
        return await readFully(handle, begin, end);
      } finally {
        await handle.close();
      }
    },
  };
}

function openFile(path: string, handle: FileHandle): StorageFile {
  let isOpen = true;
  return {
    size: async () => (await handle.stat()).size,
    read: (begin, end) => readFully(handle, begin, end),
    async write(bytes, at) {
      try {
        for (let done = 0; done < bytes.length; ) {
          done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        }
      } catch (thrown) {
        throw fullOr(path, thrown);
      }
    },
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    flush: () => handle.datasync(),
    async close() {
      if (isOpen) await handle.close();
      isOpen = false;
    },
  };
}

async function readFully(handle: FileHandle, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await handle.stat();
  const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - begin));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, begin + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function fullOr(path: string, thrown: unknown): Error {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return EngineError.from(thrown);
  return new EngineError('storage-full', 'The disk is full.', {
    subject: path,
    found: String(code),
    wanted: 'room for the rest of the model',
    remedy: 'Free space on the disk, then continue: what has come so far is kept.',
    cause: thrown,
  });
}
