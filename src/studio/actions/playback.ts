/** Plays the trajectory: the playhead walks from noise to picture in about the same time whatever N is. */

import type { StudioStore } from '../state/store.ts';
import { lastIndex } from '../state/studio.ts';

/** A whole trajectory takes this long, but no frame less than `shortestFrameMs` or more than `longestFrameMs`. */
const playTimeMs = 2600;
const shortestFrameMs = 60;
const longestFrameMs = 420;

/** @param last N of the trajectory */
export function frameMsOf(last: number): number {
  return Math.min(Math.max(playTimeMs / Math.max(last, 1), shortestFrameMs), longestFrameMs);
}

export interface Playback {
  /** Starts from the playhead (from the noise when it rests at the end), or pauses. */
  toggle(): void;
  stop(): void;
}

/** @param stillMotion whether the reader asked for reduced motion: Play then moves one frame a press. */
export function createPlayback(store: StudioStore, stillMotion: () => boolean): Playback {
  let timer: ReturnType<typeof setInterval> | undefined;

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    if (store.getState().playhead.playing) store.dispatch({ type: 'playback-stopped' });
  }

  function start(): void {
    const last = lastIndex(store.getState());
    if (last === 0) return;
    store.dispatch({ type: 'playback-started' });
    timer = setInterval(() => {
      if (!store.getState().playhead.playing) return stop();
      store.dispatch({ type: 'playback-advanced' });
    }, frameMsOf(last));
  }

  return {
    toggle() {
      const { playhead } = store.getState();
      if (playhead.playing) return stop();
      if (!stillMotion()) return start();
      store.dispatch({ type: 'playhead-moved', index: playhead.index === null ? 0 : playhead.index + 1 });
    },
    stop,
  };
}
