/** A model folder that was dropped on the page: its files are listed, none is read. */
import type { ChosenFolder } from '../../worker/protocol.ts';

const isFolder = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry =>
  entry?.isDirectory ?? false;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/**
 * Only while the drop's event is handled: its items are gone after it.
 * @returns null when no folder was among what was dropped
 */
export function droppedFolder(items: Iterable<DataTransferItem>): FileSystemDirectoryEntry | null {
  for (const item of items) {
    const entry = item.webkitGetAsEntry();
    if (isFolder(entry)) return entry;
  }
  return null;
}

/** @throws DOMException when a file went away meanwhile */
export async function listFolder(folder: FileSystemDirectoryEntry): Promise<ChosenFolder> {
  const files = new Map<string, File>();
  await collect(folder, '', files);
  return { title: folder.name, folder: files };
}

async function collect(
  folder: FileSystemDirectoryEntry,
  below: string,
  files: Map<string, File>,
): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const path = `${below}${entry.name}`;
    if (isFolder(entry)) await collect(entry, `${path}/`, files);
    else if (isFile(entry)) files.set(path, await fileOf(entry));
  }
}

/** Browsers tell them in portions, Chromium a hundred at a time; the last one is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return entries;
    entries.push(...portion);
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));
