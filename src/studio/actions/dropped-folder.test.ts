import { expect, it } from 'vitest';
import { droppedFolder, listFolder } from './dropped-folder.ts';

interface Tree {
  readonly [name: string]: Tree | File;
}

/** An entry as a browser gives it, which tells two of a folder at a time. */
function entryOf(name: string, content: Tree | File): FileSystemEntry {
  if (content instanceof File) {
    const file = (told: (file: File) => void) => told(content);
    return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(content).map(([inner, within]) => entryOf(inner, within));
    return { readEntries: (told: (entries: FileSystemEntry[]) => void) => told(left.splice(0, 2)) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

const itemOf = (entry: FileSystemEntry | null) => ({ webkitGetAsEntry: () => entry }) as DataTransferItem;

const file = new File([], 'any');
const folder = entryOf('tiny', {
  'model_index.json': file,
  unet: { 'config.json': file, 'a.safetensors': file, 'b.safetensors': file, deeper: { 'c.json': file } },
  vae: {},
  'README.md': file,
});

it('lists every file by its path inside the folder, however few entries are told at a time', async () => {
  const dropped = droppedFolder([itemOf(null), itemOf(entryOf('lora.safetensors', file)), itemOf(folder)]);
  const { title, folder: files } = await listFolder(dropped!);
  expect(title).toBe('tiny');
  expect([...(files as ReadonlyMap<string, File>).keys()]).toEqual([
    'model_index.json',
    'unet/config.json',
    'unet/a.safetensors',
    'unet/b.safetensors',
    'unet/deeper/c.json',
    'README.md',
  ]);
});

it('finds no folder among files and text', () => {
  expect(droppedFolder([itemOf(null), itemOf(entryOf('apple.png', file))])).toBeNull();
});
