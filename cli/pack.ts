/** Writes a web-ready copy of a diffusers folder. */
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { deltaOption, loraOption, reportAssumedScales } from './adapter-option.ts';
import { packFolder } from './pack-folder.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';

const usage = `npm run -s pack -- IN OUT [--lora FILE[:STRENGTH]]... [--delta FINETUNED:ORIGINAL[:STRENGTH]]...`;

await runCommand(usage, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      lora: { type: 'string', multiple: true },
      delta: { type: 'string', multiple: true },
    },
  });
  const [input, out, ...rest] = positionals;
  if (input === undefined || out === undefined || rest.length > 0) {
    throw new UsageError('Wanted two folders: IN and OUT.');
  }
  if (!(await stat(input).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`${input} is no folder.`);
  }
  const adapters = [...(values.lora ?? []).map(loraOption), ...(values.delta ?? []).map(deltaOption)];
  await reportAssumedScales(adapters);
  const files = await packFolder(input, out, {
    adapters,
    onFile: ({ path, sizeBytes }) => report(`${path}: ${sizeBytes} bytes`),
  });
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { success: true, output: { out, sizeBytes, files } };
});
