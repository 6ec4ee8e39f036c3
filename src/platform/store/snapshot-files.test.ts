import { describe, expect, it } from 'vitest';
import { countingFiles } from '../../engine/pipeline/counting-files.ts';
import { FolderOfFiles } from './folder-of-files.ts';
import { JoinedFiles } from './joined-files.ts';
import { SnapshotFiles } from './snapshot-files.ts';

const file = new Blob([Uint8Array.of(1, 2, 3, 4, 5)]);
const files = new SnapshotFiles('the store', async (path) =>
  path === 'folder/weights'
    ? {
        sizeBytes: file.size,
        blob: file,
        read: async (begin, end) => new Uint8Array(await file.slice(begin, end).arrayBuffer()),
      }
    : undefined,
);

describe('SnapshotFiles', () => {
  it('gives the Blob through every layer, and each layer hears of what is read of it', async () => {
    const joined = new JoinedFiles(new SnapshotFiles('root', async () => undefined));
    joined.mount('stored', files);
    const heard: number[] = [];
    const counting = countingFiles(new FolderOfFiles(joined, 'stored/folder'), (count) => heard.push(count));
    const blob = (await counting.blob!('weights', (count) => heard.push(-count))) as Blob;
    expect(blob).toBeInstanceOf(Blob);
    expect(blob.size).toBe(5);
    const piece = new Uint8Array(await new Response(blob.slice(1, 3).stream()).arrayBuffer());
    expect([...piece]).toEqual([2, 3]);
    expect(heard).toEqual([2, -2]);
  });

  it('names a file that is not there', async () => {
    await expect(files.blob('folder/nothing')).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
