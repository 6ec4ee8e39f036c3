/** Numbers as the laboratory writes them. */
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

export const countText = (value: number): string => whole.format(value);

/** Three digits; a minus is a minus. */
export const measureText = (value: number): string => significant.format(value).replace('-', '−');

/** Energy distances below the sampling error can't be told from it. */
export function distanceText(value: number): string {
  return Math.abs(value) < 0.0005 ? '0.000' : value.toFixed(3).replace('-', '−');
}
