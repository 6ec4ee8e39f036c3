/** One line of the benchmark's output; every name says what was timed, the rest how. */
export interface BenchResult {
  readonly name: string;
  readonly backend: string;
  readonly median_ms?: number;
  readonly ratio?: number;
  readonly [detail: string]: string | number | boolean | object | undefined;
}
