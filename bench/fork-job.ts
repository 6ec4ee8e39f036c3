import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../src/engine/core/errors.ts';
import type { BenchJob } from './jobs.ts';
import type { BenchResult } from './result.ts';

type Report = { readonly results: BenchResult[] } | { readonly error: string };

/** Runs a job in a process of its own. @throws EngineError 'backend-failed' with what went wrong there */
export function forkJob(job: BenchJob): Promise<BenchResult[]> {
  return new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL('run-job.ts', import.meta.url));
    // What the runtimes print belongs to neither JSON nor progress.
    const child = fork(path, [JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const failed = (found: string) =>
      reject(new EngineError('backend-failed', `${job.name} on ${job.backend} failed.`, { found }));
    child.on('error', (error) => failed(error.message));
    child.on('message', (report: Report) => {
      if ('results' in report) resolve(report.results);
      else failed(report.error);
    });
    // After a report this changes nothing.
    child.on('exit', (status) => failed(`it ended without a result, status ${status}`));
  });
}
