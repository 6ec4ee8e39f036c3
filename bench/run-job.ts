/** The child process of one job: `run-job.ts JSON`; sends its results to the parent. */
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../src/engine/core/errors.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { openBackend } from './backend.ts';
import { type BenchJob, benchmarks, fullEffort } from './jobs.ts';
import type { BenchResult } from './result.ts';

const job = JSON.parse(process.argv[2]!) as BenchJob;

try {
  const backend = await openBackend(job);
  const results = await benchmarks[job.name](backend, {
    models: new DirectoryFiles(fileURLToPath(new URL('../models', import.meta.url))),
    race: { name: basename(resolve(job.caseFolder)), files: new DirectoryFiles(job.caseFolder) },
    effort: fullEffort,
  });
  const memory: BenchResult = {
    name: `${job.name}-memory`,
    ...backend.labels,
    resident_bytes: process.memoryUsage().rss,
    peak_bytes: process.resourceUsage().maxRSS * 1024,
  };
  process.send!({ results: [...results, memory] }, () => process.exit(0));
} catch (thrown) {
  const { code, message, found } = EngineError.from(thrown);
  process.send!({ error: `${code}: ${message}${found ? ` (${found})` : ''}` }, () => process.exit(1));
}
