/** Benchmarks on WebGPU, in Chromium: the app's worker and runtime over this repository's models. */
import { basename, join, resolve } from 'node:path';
import type { BenchmarkName } from '../bench/jobs.ts';
import type { BenchResult } from '../bench/result.ts';
import { EngineError } from '../src/engine/core/errors.ts';
import { unwrap } from '../src/worker/outcome.ts';
import { onEnginePage } from './engine-page.ts';
import { report } from './progress.ts';

/**
 * One after the other on one page.
 * @returns a result each; where it can't run, `skipped` with the reason
 */
export async function benchInBrowser(
  names: readonly BenchmarkName[],
  caseFolder: string,
  flags: readonly string[],
): Promise<BenchResult[]> {
  const folders = [
    { base: '/given/models/', folder: join(import.meta.dirname, '../models') },
    { base: '/given/race/', folder: resolve(caseFolder) },
  ];
  const results: BenchResult[] = [];
  const skipped = (rest: readonly BenchmarkName[], reason: string) =>
    rest.map((name) => ({ name, backend: 'webgpu', skipped: reason }));
  try {
    await onEnginePage({ folders, flags }, async (page, { device }) => {
      for (const name of names) {
        report(`${name} on webgpu`);
        const job = { name, race: basename(resolve(caseFolder)) };
        const outcome = await page.evaluate((one) => engine.bench(one), job);
        if (outcome.ok) results.push(...unwrap(outcome).map((result) => ({ ...result, device })));
        else results.push(...skipped([name], `${outcome.error.message} ${outcome.error.found ?? ''}`.trim()));
      }
    });
  } catch (thrown) {
    const { message, found } = EngineError.from(thrown);
    const done = new Set(results.map(({ name }) => name));
    const reason = `WebGPU in Chromium: ${message}${found ? ` (${found})` : ''}`;
    results.push(
      ...skipped(
        names.filter((name) => !done.has(name)),
        reason,
      ),
    );
  }
  for (const { name, skipped: reason } of results) if (reason) report(`  ${name} skipped: ${reason}`);
  return results;
}
