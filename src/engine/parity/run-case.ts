/** A case is a folder with what an original implementation was given and what it answered. */
import { type Comparison, skippedOutput } from './comparison.ts';
import { runLoraCases } from './lora-case.ts';
import type { ParityContext } from './parity-context.ts';
import { runPipelineCases } from './pipeline-case.ts';
import { runRecordedCalls } from './recorded-calls.ts';
import { readRecord } from './recorded-tensors.ts';
import { runSchedulerCases } from './scheduler-case.ts';
import { runTokenizerCase } from './tokenizer-case.ts';

/** Every output of every call of a case, compared; what can't be run is reported as skipped, not passed. */
export async function runCase(context: ParityContext): Promise<Comparison[]> {
  const { files } = context;
  const unusable = (reason: string) => [
    skippedOutput({ case: context.name, call: '', output: '', tolerance: context.tolerance }, reason),
  ];
  try {
    if (await files.has('golden_ids.json')) return await runTokenizerCase(context);
    if (await files.has('schedulers.json')) return await runSchedulerCases(context);
    const comparisons: Comparison[] = [];
    for (const stem of ['io_rf', 'io_sd'] as const) {
      if (await files.has(`${stem}.json`)) comparisons.push(...(await runPipelineCases(context, stem)));
    }
    for (const stem of ['io', 'io.fp16'] as const) {
      if (!(await files.has(`${stem}.json`))) continue;
      const { base } = await readRecord<{ base?: unknown }>(files, `${stem}.json`);
      if (base !== undefined) return await runLoraCases(context);
      comparisons.push(...(await runRecordedCalls(context, stem)));
    }
    return comparisons.length > 0 ? comparisons : unusable(`no recorded calls in ${files.id}`);
  } catch (thrown) {
    return unusable(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
