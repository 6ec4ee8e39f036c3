import { basename, dirname } from 'node:path';
import type { Adapter } from '../src/engine/weights/adapter.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { UsageError } from './run-command.ts';

/** FILE or FILE:STRENGTH, where STRENGTH is a number. */
export function loraOption(text: string): Adapter {
  const [file, strength] = splitStrength(text);
  if (file === '') throw new UsageError(`--lora ${text}: a file is needed.`);
  return { kind: 'lora', files: new DirectoryFiles(dirname(file)), path: basename(file), strength };
}

/** FINETUNED:ORIGINAL or FINETUNED:ORIGINAL:STRENGTH, two diffusers folders: their U-Nets' difference. */
export function deltaOption(text: string): Adapter {
  const [folders, strength] = splitStrength(text);
  const [finetuned, original, ...rest] = folders.split(':');
  if (!finetuned || !original || rest.length > 0) {
    throw new UsageError(`--delta ${text}: wanted FINETUNED:ORIGINAL[:STRENGTH].`);
  }
  const unetOf = (folder: string) => ({ files: new DirectoryFiles(folder), folder: 'unet' });
  return { kind: 'delta', part: 'unet', finetuned: unetOf(finetuned), original: unetOf(original), strength };
}

/** What stands before the last colon, and the number after it; 1 where none does. */
function splitStrength(text: string): [string, number] {
  const colon = text.lastIndexOf(':');
  const number = text.slice(colon + 1);
  const strength = Number(number);
  if (colon < 0 || number.trim() === '' || !Number.isFinite(strength)) return [text, 1];
  return [text.slice(0, colon), strength];
}
