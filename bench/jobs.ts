/** What can be measured. One process each: WASM keeps its first threads, and peak memory is a process's. */
import type { Backend, BackendOptions } from './backend.ts';
import { benchGraphAgainstExport } from './graph-vs-export.ts';
import type { BenchResult } from './result.ts';
import { benchStages } from './stages.ts';

export const benchmarks = {
  stages: (backend: Backend): Promise<BenchResult[]> => benchStages(backend),
  'graph-vs-export': (backend: Backend, caseFolder: string): Promise<BenchResult[]> =>
    benchGraphAgainstExport(backend, caseFolder),
} as const;

export type BenchmarkName = keyof typeof benchmarks;

export const benchmarkNames = Object.keys(benchmarks) as BenchmarkName[];

export interface BenchJob extends BackendOptions {
  readonly name: BenchmarkName;
  /** For graph-vs-export. */
  readonly caseFolder: string;
}
