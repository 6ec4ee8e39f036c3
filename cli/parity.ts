/** Compares this engine's numbers with those that original implementations recorded. */
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from '../src/engine/parity/comparison.ts';
import { runCase } from '../src/engine/parity/run-case.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { choiceOption, numberOption } from './number-option.ts';
import { nodeBackends, openRuntime } from './open-runtime.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';

const usage = `npm run -s parity -- CASE... [--model DIR] [--backend ${nodeBackends.join('|')}] [--dtype f32|f16] [--tolerance T]`;

/** Relative to the largest value: float32 in another order of summation, and float16's ten bits. */
const tolerances = { f32: 1e-4, f16: 2e-2 } as const;

await runCommand(usage, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      backend: { type: 'string' },
      dtype: { type: 'string' },
      tolerance: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new UsageError('No case was given.');
  const backend = choiceOption('backend', values.backend, nodeBackends, 'cpu');
  const dtype = choiceOption('dtype', values.dtype, ['f32', 'f16'] as const, 'f32');
  const tolerance = numberOption('tolerance', values.tolerance) ?? tolerances[dtype];
  if (tolerance < 0) throw new UsageError('--tolerance must not be negative.');
  for (const folder of values.model === undefined ? positionals : [...positionals, values.model]) {
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
      throw new UsageError(`${folder} is no folder.`);
    }
  }

  const runtime = await openRuntime(backend, dtype);
  const cases: Comparison[] = [];
  for (const folder of positionals) {
    const path = resolve(folder);
    const results = await runCase({
      name: basename(path),
      files: new DirectoryFiles(path),
      runtime,
      variant: runtime.variant,
      tolerance,
      clock: () => performance.now(),
      loadTokenizer: loadClipTokenizer,
      model: values.model === undefined ? undefined : new DirectoryFiles(values.model),
      sibling: (name) => new DirectoryFiles(join(path, '..', name)),
    });
    const passed = results.filter(({ pass }) => pass).length;
    report(`${basename(path)}: ${passed} of ${results.length} outputs agree`);
    for (const { call, output, rel, skipped, pass } of results) {
      if (!pass) report(`  ${call} ${output}: ${skipped ?? `relative error ${rel}`}`);
    }
    cases.push(...results);
  }
  await runtime.dispose();
  const pass = cases.every((comparison) => comparison.pass);
  return { output: { pass, backend, dtype, cases }, success: pass };
});
