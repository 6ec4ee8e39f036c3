import type { CancelSignal } from '../core/cancel.ts';
import { throwIfAborted } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import type { ModelFiles } from './model-files.ts';

/** {@link ModelFiles.read}, with the port held to its word about the number of bytes. */
export async function readRange(
  files: ModelFiles,
  file: string,
  begin: number,
  end: number,
  signal?: CancelSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  throwIfAborted(signal);
  const bytes = await files.read(file, begin, end, signal);
  if (bytes.byteLength === end - begin) return bytes;
  throw new EngineError('file-malformed', `${file} gave ${bytes.byteLength} bytes for [${begin}, ${end}).`, {
    subject: file,
    found: `${bytes.byteLength} bytes`,
    wanted: `${end - begin} bytes`,
    remedy: 'Download the file again: it changed or was cut short while being read.',
  });
}
