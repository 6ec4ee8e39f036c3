/** Measured values as the page writes them: three digits are enough, units stand apart. */

/** Milliseconds to seconds with three significant digits, never in exponents: '0.017', '4.33', '128'. */
export function secondsText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds >= 100) return seconds.toFixed(0);
  if (seconds >= 10) return seconds.toFixed(1);
  if (seconds >= 1) return seconds.toFixed(2);
  return seconds >= 0.1 ? seconds.toFixed(2) : seconds.toFixed(3);
}

/** '93 ms' below ten seconds, whole milliseconds; tenths below ten; seconds above. */
export function millisecondsText(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${secondsText(milliseconds)} s`;
  return `${numberOfMilliseconds(milliseconds)} ms`;
}

/** The number alone, for lists that share one unit. */
export function numberOfMilliseconds(milliseconds: number): string {
  return milliseconds > 0 && milliseconds < 9.95 ? milliseconds.toFixed(1) : milliseconds.toFixed(0);
}

/** '14×' from ten on, '3.2×' below. */
export function ratioText(factor: number): string {
  return `${factor >= 9.95 ? factor.toFixed(0) : factor.toFixed(1)}×`;
}

/** '2.4 s left' while drawing: whole seconds from ten on, tenths below, never a bare zero. */
export function remainingText(milliseconds: number): string {
  const seconds = Math.max(milliseconds, 0) / 1000;
  if (seconds >= 90) return `${Math.round(seconds / 60)} min`;
  if (seconds >= 9.95) return `${Math.round(seconds)} s`;
  return `${Math.max(seconds, 0.1).toFixed(1)} s`;
}

/** How often something happens that takes so long: '7 a second', '2.5 a second'. */
export function rateText(milliseconds: number): string {
  const rate = 1000 / milliseconds;
  return `${rate >= 9.95 ? rate.toFixed(0) : rate.toFixed(1)} a second`;
}

/** Bytes in decimal units, as disks and networks are sold: '3.4 MB'. */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1e3)} KB`;
}

/** Path time with two digits: '0.44'. */
export function pathTimeText(t: number): string {
  return t.toFixed(2);
}

/** Straightness and deviation: three digits where they carry, '0.0004' not '0.000'. */
export function straightnessText(value: number): string {
  if (value === 0) return '0';
  return value >= 0.001 ? value.toFixed(3) : value.toPrecision(1);
}
