/** A model folder from the reader's disk: by a directory picker, by an input where there is none, by a drop. */
import type { ChosenFolder } from '../../worker/protocol.ts';

interface PickerWindow {
  showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle>;
}

/** null when nothing was chosen. */
export async function pickFolder(): Promise<ChosenFolder | null> {
  const picker = window as PickerWindow;
  if (!picker.showDirectoryPicker) return pickByInput();
  try {
    const folder = await picker.showDirectoryPicker();
    return { title: folder.name, folder };
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return null;
    throw thrown;
  }
}

/** Firefox and Safari: every file of the folder is listed, none is read. */
function pickByInput(): Promise<ChosenFolder | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.webkitdirectory = true;
  return new Promise((resolve) => {
    input.addEventListener('cancel', () => resolve(null));
    input.addEventListener('change', () => resolve(folderOfFiles([...(input.files ?? [])])));
    input.click();
  });
}

/** Files with `webkitRelativePath`, 'folder/unet/config.json', as one folder. */
function folderOfFiles(files: readonly File[]): ChosenFolder | null {
  const first = files[0];
  if (!first) return null;
  const title = first.webkitRelativePath.split('/')[0] ?? first.name;
  const inside = (file: File) => file.webkitRelativePath.slice(title.length + 1);
  return { title, folder: new Map(files.map((file) => [inside(file), file])) };
}
