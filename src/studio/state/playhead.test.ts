import { describe, expect, it } from 'vitest';
import { advancePlayhead, movePlayhead, restingPlayhead, restPlayhead, rewindToPlay } from './playhead.ts';

describe('the playhead', () => {
  it('stays between noise and picture, and rests at the picture', () => {
    expect(movePlayhead(restingPlayhead, -3, 4).index).toBe(0);
    expect(movePlayhead(restingPlayhead, 2.4, 4).index).toBe(2);
    expect(movePlayhead(restingPlayhead, 9, 4).index).toBeNull();
  });

  it('plays from the noise when it rests, else from where it is, and stops at the picture', () => {
    let playhead = rewindToPlay(restingPlayhead);
    const seen: (number | null)[] = [playhead.index];
    while (playhead.playing) {
      playhead = advancePlayhead(playhead, 3);
      seen.push(playhead.index);
    }
    expect(seen).toEqual([0, 1, 2, null]);
    expect(rewindToPlay(movePlayhead(restingPlayhead, 2, 4)).index).toBe(2);
  });

  it('goes back to rest with a new draw', () => {
    const moved = { ...movePlayhead(restingPlayhead, 1, 4), playing: true };
    expect(restPlayhead(moved)).toEqual(restingPlayhead);
  });
});
