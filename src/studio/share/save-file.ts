/** Hands a file to the browser's downloads. */

/** Long enough for the slowest browser to have opened the address. */
const revokeAfterMs = 60_000;

export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), revokeAfterMs);
}
