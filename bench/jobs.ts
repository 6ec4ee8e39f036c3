/** What can be measured, wherever the files come from. */
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import type { Backend, BackendOptions } from './backend.ts';
import { benchGraphAgainstExport } from './graph-vs-export.ts';
import { benchKept } from './kept.ts';
import { benchPreviews } from './previews.ts';
import type { BenchResult } from './result.ts';
import { benchStages } from './stages.ts';

export interface BenchMaterial {
  /** The app's models, with catalog.json. */
  readonly models: ModelFiles;
  /** For graph-vs-export: a folder and its name. */
  readonly race: { readonly name: string; readonly files: ModelFiles };
  readonly effort: BenchEffort;
}

/** How often things are timed: a software graphics card takes seconds where others take milliseconds. */
export interface BenchEffort {
  readonly pairCount: number;
  readonly repetitions: number;
  readonly stepCounts: readonly number[];
}

export const fullEffort: BenchEffort = { pairCount: 10, repetitions: 20, stepCounts: [1, 4, 25] };

export const softwareCardEffort: BenchEffort = { pairCount: 3, repetitions: 3, stepCounts: [4] };

type Benchmark = (backend: Backend, material: BenchMaterial) => Promise<BenchResult[]>;

export const benchmarks = {
  stages: (backend, { models, effort }) => benchStages(backend, models, effort.repetitions),
  'graph-vs-export': (backend, { race, effort }) =>
    benchGraphAgainstExport(backend, race.files, race.name, effort.pairCount),
  previews: (backend, { models, effort }) => benchPreviews(backend, models, effort),
  kept: (backend, { models, effort }) => benchKept(backend, models, effort),
} satisfies Record<string, Benchmark>;

export type BenchmarkName = keyof typeof benchmarks;

export const benchmarkNames = Object.keys(benchmarks) as BenchmarkName[];

/** In a process of its own: WASM keeps its first threads, and peak memory is a process's. */
export interface BenchJob extends BackendOptions {
  readonly name: BenchmarkName;
  /** For graph-vs-export. */
  readonly caseFolder: string;
}
