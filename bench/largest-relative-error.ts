/** Largest difference over the largest wanted value. */
export function largestRelativeError(found: Float32Array, wanted: Float32Array): number {
  let difference = 0;
  let largest = 0;
  for (const [i, value] of wanted.entries()) {
    difference = Math.max(difference, Math.abs(value - found[i]!));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
}
