import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../state/settings.ts';
import { cancelSide, failSide, idleSide, type SideRun } from '../state/side.ts';
import { initialStudio, type StudioState } from '../state/studio.ts';
import { doneSide, runningSide } from '../test/sample-runs.ts';
import { announcement } from './announcement.ts';

const initial = initialStudio(defaultSettings, 'auto');
const ready: StudioState['engine'] = { ...initial.engine, status: 'ready' };
const state = (a: SideRun, b: SideRun, run: number | null, engine = ready): StudioState => ({
  ...initial,
  engine,
  sides: { a, b },
  run,
});

describe('what a screen reader is told', () => {
  it('is nothing before anything happened', () =>
    expect(announcement(state(idleSide, idleSide, null))).toBe(''));

  it('follows a draw side by side', () => {
    expect(announcement(state(idleSide, idleSide, 1, initial.engine))).toBe('Starting the engine.');
    expect(announcement(state(runningSide(0, { stepCount: 1 }), idleSide, 1))).toBe(
      'Drawing side A, one step.',
    );
    expect(announcement(state(doneSide(), runningSide(0), 1))).toBe(
      'Side A drawn in 0.060 seconds. Drawing side B, 4 steps.',
    );
  });

  it('gives quarters of a long run and is still in between', () => {
    const spoken = Array.from({ length: 24 }, (_, i) =>
      announcement(state(doneSide(), runningSide(i, { stepCount: 24 }), 1)),
    );
    expect(new Set(spoken).size).toBe(4);
    expect(spoken[12]).toContain('step 12 of 24');
  });

  it('ends with both times and the ratio', () => {
    const b = doneSide({ timings: { textMs: 5, stepMs: [300], decodeMs: 295, totalMs: 600 } });
    expect(announcement(state(doneSide(), b, null))).toBe(
      'Side A drawn in 0.060 seconds. Side B drawn in 0.60 seconds. Side A is 11 times faster.',
    );
  });

  it('tells cancel and errors', () => {
    expect(announcement(state(doneSide(), cancelSide(runningSide(1)), null))).toBe('Drawing cancelled.');
    const failed = failSide(runningSide(1), { code: 'out-of-memory', message: 'No room.' });
    expect(announcement(state(doneSide(), failed, null))).toBe('Side B was not drawn: Not enough memory.');
  });
});
