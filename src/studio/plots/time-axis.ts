/** Round ticks for a linear axis that starts at zero. Pure geometry. */

/** 1, 2 or 5 times a power of ten, so that about `wanted` of them fit below `maximum`. */
export function tickStep(maximum: number, wanted: number): number {
  const rough = maximum / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  if (lead < 1.5) return power;
  if (lead < 3) return 2 * power;
  return lead < 7 ? 5 * power : 10 * power;
}

/** Multiples of a round step from 0 to at most `maximum` (above 0). */
export function axisTicks(maximum: number, wanted: number): number[] {
  if (!(maximum > 0) || !Number.isFinite(maximum)) return [0];
  const step = tickStep(maximum, wanted);
  const count = Math.floor(maximum / step + 1e-9);
  // Rounded to the step's digits: 3 * 0.1 should read 0.3.
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toFixed(digits)));
}
