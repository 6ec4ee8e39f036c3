/** The time t that every panel shows: moves by itself while playing, or under the reader's hand. */
const secondsThere = 3.5;
/** Rests at both ends, so that start and end can be looked at. */
const secondsRest = 0.9;

export interface Playback {
  /** 0 to 1. */
  time(): number;
  isPlaying(): boolean;
  play(): void;
  pause(): void;
  /** Pauses at `time`. */
  seek(time: number): void;
  /** Called at every frame that changes something. @returns the unsubscribing */
  subscribe(listener: () => void): () => void;
}

/** Where a loop of there, rest and start again is after `seconds`. */
export function loopTime(seconds: number): number {
  const within = seconds % (secondsThere + 2 * secondsRest);
  return Math.min(1, Math.max(0, (within - secondsRest) / secondsThere));
}

/** @param clock milliseconds, and frames of the screen */
export function createPlayback(clock: { now(): number; frame(callback: () => void): void }): Playback {
  let time = 1;
  let playing = false;
  let origin = 0;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const tick = (): void => {
    if (!playing) return;
    const next = loopTime((clock.now() - origin) / 1000);
    if (next !== time) {
      time = next;
      tell();
    }
    clock.frame(tick);
  };
  return {
    time: () => time,
    isPlaying: () => playing,
    play() {
      if (playing) return;
      playing = true;
      // Goes on from where it stands; from the end it starts again.
      const from = time >= 1 ? 0 : secondsRest + time * secondsThere;
      origin = clock.now() - 1000 * from;
      tell();
      clock.frame(tick);
    },
    pause() {
      playing = false;
      tell();
    },
    seek(next) {
      playing = false;
      time = Math.min(1, Math.max(0, next));
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
