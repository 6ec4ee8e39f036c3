/**
 * Noise levels sigma / alpha of a run, for samplers that step in them (Karras et al. 2022, arXiv 2206.00364), in
 * float64 from float32 tables as NumPy computes them in the originals.
 */

/** 'timesteps': the training schedule at the timesteps; the others lay out sigmas and look the timesteps up. */
export type SigmaSpacing = 'timesteps' | 'karras' | 'exponential' | 'lu';

/** The table's values at fractional positions, linearly interpolated and held at the ends. */
export function interpolate(table: Float32Array, positions: readonly number[]): number[] {
  const last = table.length - 1;
  return positions.map((position) => {
    if (position >= last) return table[last]!;
    if (position <= 0) return table[0]!;
    const low = Math.floor(position);
    return (table[low + 1]! - table[low]!) * (position - low) + table[low]!;
  });
}

/** `count` sigmas from `maximum` down to `minimum`, evenly spaced in sigma^(1/7). */
export function karrasSigmas(minimum: number, maximum: number, count: number): number[] {
  const rho = 7;
  const low = minimum ** (1 / rho);
  const high = maximum ** (1 / rho);
  return ramp(count).map((share) => (high + share * (low - high)) ** rho);
}

/** `count` sigmas from `maximum` down to `minimum`, evenly spaced in their logarithm. */
export function exponentialSigmas(minimum: number, maximum: number, count: number): number[] {
  const low = Math.log(minimum);
  const high = Math.log(maximum);
  return ramp(count).map((share) => Math.exp(high + share * (low - high)));
}

/** The fractional training timestep of a sigma: the inverse of the table in the logarithm. */
export function timestepOfSigma(sigma: number, trainingSigmas: Float32Array): number {
  const logSigma = Math.log(Math.max(sigma, 1e-10));
  const logAt = (t: number) => Math.fround(Math.log(trainingSigmas[t]!));
  let low = 0;
  let end = trainingSigmas.length - 1;
  // The last entry below or at sigma, at most the last but one.
  while (end - low > 1) {
    const middle = (low + end) >> 1;
    if (logAt(middle) <= logSigma) low = middle;
    else end = middle;
  }
  const weight = (logAt(low) - logSigma) / (logAt(low) - logAt(low + 1));
  return low + Math.min(1, Math.max(0, weight));
}

/** `count` values from 0 to 1. */
function ramp(count: number): number[] {
  if (count === 1) return [0];
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? 1 : i * (1 / (count - 1))));
}
