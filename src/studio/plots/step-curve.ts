/** Geometry of a step curve: one value per evaluation, held from t = i/N to (i + 1)/N. Pure. */

/**
 * SVG path in a box of 100 by 100 units, y downwards.
 * @param values one per evaluation, from the noise on
 * @param top the value at the upper edge, above 0
 */
export function stepCurvePath(values: readonly number[], top: number): string {
  const x = (i: number): string => ((100 * i) / values.length).toFixed(2);
  const y = (value: number): string => (100 - (100 * Math.min(value, top)) / top).toFixed(2);
  return values.map((value, i) => (i === 0 ? `M0 ${y(value)}H${x(1)}` : `V${y(value)}H${x(i + 1)}`)).join('');
}

/** The same curve closed down to zero, for a fill. */
export function stepAreaPath(values: readonly number[], top: number): string {
  return values.length === 0 ? '' : `${stepCurvePath(values, top)}V100H0Z`;
}
