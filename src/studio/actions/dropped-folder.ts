/** A model folder that was dropped on the page. */
import type { DropItem } from 'react-aria-components';
import type { ChosenFolder } from '../../worker/protocol.ts';

/** A folder of a drop, as its entries are read one by one. */
type DroppedFolder = Extract<DropItem, { kind: 'directory' }>;

/** null when no folder was among what was dropped. */
export async function folderOfDrop(items: readonly DropItem[]): Promise<ChosenFolder | null> {
  const folder = items.find((item): item is DroppedFolder => item.kind === 'directory');
  if (!folder) return null;
  const files = new Map<string, File>();
  await collect(folder, '', files);
  return { title: folder.name, folder: files };
}

/** Lists files; none is read. */
async function collect(folder: DroppedFolder, below: string, files: Map<string, File>): Promise<void> {
  for await (const entry of folder.getEntries()) {
    const path = `${below}${entry.name}`;
    if (entry.kind === 'directory') await collect(entry, `${path}/`, files);
    else files.set(path, await entry.getFile());
  }
}
