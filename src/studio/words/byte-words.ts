/** Amounts of bytes, rates and times left, as the models dialog writes them. */

/** '4.27 GB', '335 MB', '12 KB': decimal, three digits at most. */
export function bytesText(bytes: number): string {
  if (bytes >= 999_500_000) return `${threeDigits(bytes / 1e9)} GB`;
  if (bytes >= 999_500) return `${threeDigits(bytes / 1e6)} MB`;
  return bytes >= 1000 ? `${Math.round(bytes / 1000)} KB` : `${bytes} bytes`;
}

export function bytesPerSecondText(bytes: number): string {
  return `${bytesText(Math.round(bytes))}/s`;
}

/** 'a few seconds', '40 s', '3 min', '2 h 5 min'. */
export function timeLeftText(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 90) return `${Math.round(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
