import { describe, expect, it } from 'vitest';
import { idleSide, receiveEvent, startSide } from '../state/side.ts';
import { runningSide } from '../test/sample-runs.ts';
import { remainingMs, stageText, stepPaceMs, stepText } from './progress-words.ts';

describe('progress in words', () => {
  it('names stages', () => {
    expect(stageText(startSide(idleSide))).toBe('Starting');
    const progress = { model: 'm', part: 'network', loadedBytes: 4.4e6, totalBytes: 8.8e6 };
    expect(stageText(receiveEvent(idleSide, { kind: 'loading', progress }, 0))).toBe(
      'Loading network, 4.4 MB of 8.8 MB',
    );
    expect(stageText(runningSide(2))).toBe('Step 2 of 4');
    expect(stageText(runningSide(0, { stepCount: 1 }))).toBe('One evaluation');
  });

  it('counts steps from one, never past the last', () => {
    expect([0, 1, 4].map((steps) => stepText(runningSide(steps)))).toEqual([
      'step 1 of 4',
      'step 1 of 4',
      'step 4 of 4',
    ]);
  });

  it('estimates what is left from the pace so far, counting down between steps', () => {
    // runningSide: noise at 1000, a step every 20 ms.
    expect(stepPaceMs(runningSide(0))).toBeNull();
    expect(remainingMs(runningSide(0), 1000)).toBeNull();
    expect(stepPaceMs(runningSide(2))).toBe(20);
    expect(remainingMs(runningSide(2), 1040)).toBe(40);
    expect(remainingMs(runningSide(2), 1055)).toBe(25);
    expect(remainingMs(runningSide(2), 9999)).toBe(0);
  });
});
