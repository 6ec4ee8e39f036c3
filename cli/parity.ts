/** Compares this engine's numbers with those that original implementations recorded. */
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FloatDType } from '../src/engine/core/dtype.ts';
import type { GraphVariant } from '../src/engine/networks/graph-variant.ts';
import type { Comparison } from '../src/engine/parity/comparison.ts';
import { runCase } from '../src/engine/parity/run-case.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { choiceOption, numberOption } from './number-option.ts';
import { type NodeBackend, nodeBackends, openRuntime } from './open-runtime.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';

const backends = [...nodeBackends, 'webgpu'] as const;

const usage = `npm run -s parity -- CASE... [--model DIR] [--backend ${backends.join('|')}] [--dtype f32|f16] [--tolerance T]
  [--chromium-flag FLAG]...`;

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
      'chromium-flag': { type: 'string', multiple: true },
    },
  });
  if (positionals.length === 0) throw new UsageError('No case was given.');
  const backend = choiceOption('backend', values.backend, backends, 'cpu');
  const dtype = choiceOption('dtype', values.dtype, ['f32', 'f16'] as const, 'f32');
  const tolerance = numberOption('tolerance', values.tolerance) ?? tolerances[dtype];
  if (tolerance < 0) throw new UsageError('--tolerance must not be negative.');
  for (const folder of values.model === undefined ? positionals : [...positionals, values.model]) {
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
      throw new UsageError(`${folder} is no folder.`);
    }
  }

  const flags = values['chromium-flag'] ?? [];
  if (backend !== 'webgpu' && flags.length > 0)
    throw new UsageError('--chromium-flag needs --backend webgpu.');
  const folders = positionals.map((folder) => resolve(folder));
  const model = values.model === undefined ? undefined : resolve(values.model);
  const request = { cases: folders, model, dtype, tolerance };
  const ran =
    backend === 'webgpu'
      ? await (await import('./browser-parity.ts')).runInBrowser({ ...request, flags }, reportCase)
      : await runInNode(backend, request);
  const pass = ran.cases.length > 0 && ran.cases.every((comparison) => comparison.pass);
  return { output: { pass, backend, dtype, ...ran }, success: pass };
});

interface NodeParityOptions {
  readonly cases: readonly string[];
  readonly model: string | undefined;
  readonly dtype: FloatDType;
  readonly tolerance: number;
}

async function runInNode(
  backend: NodeBackend,
  { cases: folders, model, dtype, tolerance }: NodeParityOptions,
): Promise<{ device: string; variant: GraphVariant; cases: Comparison[] }> {
  const runtime = await openRuntime(backend, dtype);
  const cases: Comparison[] = [];
  for (const folder of folders) {
    const results = await runCase({
      name: basename(folder),
      files: new DirectoryFiles(folder),
      runtime,
      variant: runtime.variant,
      tolerance,
      clock: () => performance.now(),
      loadTokenizer: loadClipTokenizer,
      model: model === undefined ? undefined : new DirectoryFiles(model),
      sibling: (name) => new DirectoryFiles(join(folder, '..', name)),
    });
    reportCase(folder, results);
    cases.push(...results);
  }
  const { device } = runtime.capabilities;
  await runtime.dispose();
  return { device, variant: runtime.variant, cases };
}

function reportCase(folder: string, results: readonly Comparison[]): void {
  const passed = results.filter(({ pass }) => pass).length;
  report(`${basename(folder)}: ${passed} of ${results.length} outputs agree`);
  for (const { call, output, rel, skipped, pass } of results) {
    if (!pass) report(`  ${call} ${output}: ${skipped ?? `relative error ${rel}`}`);
  }
}
