import { describe, expect, it } from 'vitest';
import { createPlayback, loopTime } from './playback.ts';

function createTestClock() {
  let nowMs = 0;
  let next: (() => void) | null = null;
  return {
    clock: {
      now: () => nowMs,
      frame(callback: () => void) {
        next = callback;
      },
    },
    advance(ms: number): void {
      nowMs += ms;
      const callback = next;
      next = null;
      callback?.();
    },
    waits: () => next !== null,
  };
}

describe('playback', () => {
  it('rests at both ends of its loop', () => {
    expect([0, 0.8, 0.9, 2.65, 4.4, 5.2, 5.31].map(loopTime)).toEqual([0, 0, 0, 0.5, 1, 1, 0]);
  });

  it('starts again from the end, goes on from where it stands, and stops when told', () => {
    const { clock, advance, waits } = createTestClock();
    const playback = createPlayback(clock);
    let told = 0;
    playback.subscribe(() => {
      told += 1;
    });
    expect(playback.time()).toBe(1);
    playback.play();
    advance(100);
    expect(playback.time()).toBe(0);
    playback.seek(0.5);
    expect(playback.isPlaying()).toBe(false);
    advance(50);
    expect(waits()).toBe(false);
    playback.play();
    advance(350);
    expect(playback.time()).toBeCloseTo(0.6, 9);
    playback.pause();
    expect(told).toBeGreaterThan(3);
  });

  it('keeps t between 0 and 1', () => {
    const playback = createPlayback(createTestClock().clock);
    playback.seek(7);
    expect(playback.time()).toBe(1);
    playback.seek(-7);
    expect(playback.time()).toBe(0);
  });
});
