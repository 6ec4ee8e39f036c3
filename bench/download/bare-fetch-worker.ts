/** `fetch` in a worker whose bytes are read and dropped: what no download can be faster than. */
import { expose } from 'comlink';

async function drop(url: string, init: RequestInit): Promise<number> {
  const response = await fetch(url, { ...init, cache: 'no-store', credentials: 'omit' });
  const reader = response.body!.getReader();
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return received;
    received += value.length;
  }
}

const bareFetch = {
  oneStream: (url: string) => drop(url, {}),

  /** Ranges of one size, so many of them under way at a time. */
  async ranges(url: string, sizeBytes: number, rangeBytes: number, window: number): Promise<number> {
    let next = 0;
    let received = 0;
    const lane = async () => {
      while (next < sizeBytes) {
        const begin = next;
        next = Math.min(sizeBytes, begin + rangeBytes);
        const count = await drop(url, { headers: { range: `bytes=${begin}-${next - 1}` } });
        received += count;
      }
    };
    await Promise.all(Array.from({ length: window }, lane));
    return received;
  },
};

export type BareFetch = typeof bareFetch;

expose(bareFetch);
