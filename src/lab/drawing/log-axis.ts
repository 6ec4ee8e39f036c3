/** Ticks and places on a logarithmic axis. */
export interface LogAxis {
  readonly minimum: number;
  readonly maximum: number;
}

/** The decades around `values`, at least one; values at or below `floor` count as `floor`. */
export function decadesAround(values: readonly number[], floor: number): LogAxis {
  const kept = values.map((value) => Math.max(value, floor));
  const lowest = Math.floor(Math.log10(Math.min(...kept, floor * 10)) + 1e-9);
  const highest = Math.ceil(Math.log10(Math.max(...kept, floor * 10)) - 1e-9);
  return { minimum: 10 ** lowest, maximum: 10 ** Math.max(highest, lowest + 1) };
}

export function decadeTicks({ minimum, maximum }: LogAxis): number[] {
  const first = Math.round(Math.log10(minimum));
  const count = Math.round(Math.log10(maximum)) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(`1e${first + i}`));
}

/** 0 at the minimum, 1 at the maximum; what lies outside is moved to the nearer end. */
export function shareOf({ minimum, maximum }: LogAxis, value: number): number {
  const share = Math.log(Math.max(value, Number.MIN_VALUE) / minimum) / Math.log(maximum / minimum);
  return Math.min(1, Math.max(0, share));
}
