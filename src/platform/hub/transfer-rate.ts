/** How fast bytes come, over the last seconds only: a pause or a slow start must not weigh on for minutes. */

export interface TransferRate {
  /** Told of the total so far. */
  add(totalBytes: number): void;
  /** 0 while nothing comes; undefined in the first two seconds. */
  bytesPerSecond(): number | undefined;
}

const windowMs = 5000;
/** Small files come first, each with a round trip: a rate of theirs would promise hours. */
const leastMs = 2000;

/** @param now monotonic milliseconds */
export function createTransferRate(now: () => number): TransferRate {
  const samples: { readonly at: number; readonly bytes: number }[] = [];
  const forget = () => {
    while (samples.length > 2 && samples[1]!.at < now() - windowMs) samples.shift();
  };
  return {
    add(bytes) {
      // Four samples a second are enough.
      const last = samples.at(-1);
      if (last && samples.length > 1 && now() - samples.at(-2)!.at < 250) samples.pop();
      samples.push({ at: now(), bytes });
      forget();
    },
    bytesPerSecond() {
      forget();
      const first = samples[0];
      if (!first || now() - first.at < leastMs) return undefined;
      return Math.max(0, ((samples.at(-1)!.bytes - first.bytes) / (now() - first.at)) * 1000);
    },
  };
}
