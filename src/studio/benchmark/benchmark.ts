/** What a benchmark measures, and its summary: the first run of a fresh worker, then warm ones. Pure. */
import type { BackendReport, Decoding, DrawRequest, DrawResult } from '../../worker/protocol.ts';
import type { SideName } from '../state/side.ts';

export interface BenchmarkRun {
  /** 0 when nothing had to be loaded. */
  readonly loadMs: number;
  readonly textMs: number;
  /** One a network evaluation. */
  readonly stepMs: readonly number[];
  readonly decodeMs: number;
  /** Prompt to picture, without loading. */
  readonly totalMs: number;
  /** Whether the tab was hidden at any time of it: browsers slow such a run down. */
  readonly tabHidden: boolean;
}

/** A draw of the benchmark, and whether the tab was hidden at any time of it. */
export interface MeasuredDraw {
  readonly result: DrawResult;
  readonly tabHidden: boolean;
}

export interface BenchmarkSide {
  readonly side: SideName;
  readonly modelTitle: string;
  readonly model: string;
  readonly sampler: string;
  readonly stepCount: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
  /** 'fast': by the model's tiny decoder. */
  readonly decoding: Decoding;
  /** Of the files that were merged into its weights, in their order. */
  readonly adapterStrengths: readonly number[];
  /** The first run of a fresh worker: weights are read, kernels compiled. */
  readonly cold: BenchmarkRun;
  readonly warm: readonly BenchmarkRun[];
}

/** As it is exported: every run, and where it ran. */
export interface BenchmarkRecord {
  readonly program: string;
  readonly measuredAt: string;
  readonly browser: string;
  readonly engine: Omit<BackendReport, 'checks'>;
  readonly sides: readonly BenchmarkSide[];
}

export const warmRuns = 5;

function runOf({ result, tabHidden }: MeasuredDraw): BenchmarkRun {
  const { textMs, stepMs, decodeMs, totalMs } = result.timings;
  return { loadMs: result.loadMs, textMs, stepMs: [...stepMs], decodeMs, totalMs, tabHidden };
}

export function benchmarkSide(
  side: SideName,
  modelTitle: string,
  request: DrawRequest,
  draws: readonly [MeasuredDraw, ...MeasuredDraw[]],
): BenchmarkSide {
  const { model, stepCount, guidanceScale, width, height, decoding = 'full', adapters = [] } = request;
  const [first, ...others] = draws;
  const { sampler } = first.result;
  const [cold, warm] = [runOf(first), others.map(runOf)];
  return {
    side,
    modelTitle,
    model,
    sampler,
    stepCount,
    guidanceScale,
    width,
    height,
    decoding,
    adapterStrengths: adapters.map(({ strength }) => strength).filter((strength) => strength !== 0),
    cold,
    warm,
  };
}

export type StageName = 'text' | 'network' | 'decode' | 'total';

export interface StageSummary {
  readonly stage: StageName;
  readonly coldMs: number;
  /** Every warm run's, in order. */
  readonly warmMs: readonly number[];
  readonly medianMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Of an even count, the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** 'network' is one evaluation: the run's mean over its steps. */
const stageMs: Readonly<Record<StageName, (run: BenchmarkRun) => number>> = {
  text: ({ textMs }) => textMs,
  network: ({ stepMs }) => stepMs.reduce((sum, value) => sum + value, 0) / stepMs.length,
  decode: ({ decodeMs }) => decodeMs,
  total: ({ totalMs }) => totalMs,
};

export function summarise({ cold, warm }: BenchmarkSide): readonly StageSummary[] {
  return (Object.keys(stageMs) as StageName[]).map((stage) => {
    const warmMs = warm.map(stageMs[stage]);
    return {
      stage,
      coldMs: stageMs[stage](cold),
      warmMs,
      medianMs: median(warmMs),
      leastMs: Math.min(...warmMs),
      mostMs: Math.max(...warmMs),
    };
  });
}
