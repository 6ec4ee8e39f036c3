/** A coefficient and the values it multiplies. */
export type Term = readonly [coefficient: number, values: Float32Array];

/**
 * The sum of coefficient * values over the terms, a new array. Accumulated in float64 and rounded once; terms
 * with coefficient 0 are left out, so that an unused infinity doesn't become NaN.
 * All arrays have the same length; at least one term.
 */
export function combine(...terms: readonly Term[]): Float32Array {
  const { length } = terms[0]![1];
  const used = terms.filter(([coefficient]) => coefficient !== 0);
  const sums = new Float64Array(length);
  for (const [coefficient, values] of used) {
    for (let k = 0; k < length; k++) sums[k]! += coefficient * values[k]!;
  }
  return Float32Array.from(sums);
}
