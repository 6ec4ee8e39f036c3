import { basename, dirname } from 'node:path';
import type { Adapter } from '../src/engine/weights/adapter.ts';
import { openLora } from '../src/engine/weights/lora/lora-file.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { report } from './progress.ts';
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

/** Names the LoRA files whose scale nothing says. @throws EngineError as `openLora` */
export async function reportAssumedScales(adapters: readonly Adapter[]): Promise<void> {
  for (const adapter of adapters) {
    if (adapter.kind !== 'lora' || !(await openLora(adapter)).scaleAssumed) continue;
    report(`${adapter.path} has no adapter_config.json of PEFT beside it, which says its scale: 1 is taken.`);
  }
}

/** What stands before the last colon, and the number after it; 1 where none does. */
function splitStrength(text: string): [string, number] {
  const colon = text.lastIndexOf(':');
  const number = text.slice(colon + 1);
  const strength = Number(number);
  if (colon < 0 || number.trim() === '' || !Number.isFinite(strength)) return [text, 1];
  return [text.slice(0, colon), strength];
}
