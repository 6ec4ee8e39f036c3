/**
 * How many requests at a time, of how many blocks each. Connections that are slow one by one are fast together; where
 * a single one is as fast, many short requests only cost processor time (in Chromium some 15 ms each). So it begins
 * with several short ones, tries one long one where the line is fast, and keeps what was faster.
 */
export interface RequestLength {
  readonly lanes: number;
  readonly blocks: number;
}

/** Of the request on trial. */
const trialBlocks = 8;
/** Short requests end together: a rate is taken of so many times the window, from the end of one to that of another. */
const sampleWindows = 2;
/** A long request, once it is known to be fast. Memory doesn't grow with it: reading waits for the store. */
const longBlocks = 128;
/** Below this, requests are no burden. */
const fastBytesPerSecond = 16e6;
/** The long one may be so much slower: it costs less. */
const tolerated = 0.9;

export class RequestLengths {
  readonly #short: RequestLength;
  readonly #now: () => number;
  #phase: 'short' | 'trial' | 'decided' = 'short';
  #length: RequestLength;
  /** Blocks before this one were asked for before the phase began. */
  #from: number;
  #count = 0;
  #bytes = 0;
  #began = 0;
  #shortRate = 0;

  /** @param now monotonic milliseconds */
  constructor(window: number, first: number, now: () => number) {
    this.#short = { lanes: window, blocks: 1 };
    this.#length = this.#short;
    this.#from = first;
    this.#now = now;
  }

  /** For the next request. */
  get length(): RequestLength {
    return this.#length;
  }

  /** Block `i` came; block `asked` is the first that wasn't asked for yet. */
  came(i: number, sizeBytes: number, asked: number): void {
    if (this.#phase === 'decided' || i < this.#from) return;
    const { lanes } = this.#length;
    const sample = this.#phase === 'trial' ? trialBlocks - 1 : sampleWindows * lanes;
    this.#count += 1;
    // What the first ones took to get here is not the line's rate.
    if (this.#count === lanes) this.#began = this.#now();
    if (this.#count > lanes) this.#bytes += sizeBytes;
    if (this.#count < lanes + sample) return;
    const rate = (this.#bytes / Math.max(1, this.#now() - this.#began)) * 1000;
    if (this.#phase === 'trial') this.#decide(rate >= tolerated * this.#shortRate);
    else if (rate < fastBytesPerSecond) this.#begin('short', i + 1);
    else {
      this.#shortRate = rate;
      this.#length = { lanes: 1, blocks: trialBlocks };
      this.#begin('trial', asked);
    }
  }

  #begin(phase: 'short' | 'trial', from: number): void {
    this.#phase = phase;
    this.#from = from;
    this.#count = 0;
    this.#bytes = 0;
  }

  #decide(long: boolean): void {
    this.#phase = 'decided';
    this.#length = long ? { lanes: 1, blocks: longBlocks } : this.#short;
  }
}
