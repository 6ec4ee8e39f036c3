import { describe, expect, it } from 'vitest';
import { backendReport, doneSide, manyStepModel, oneStepModel, runningSide } from '../test/sample-runs.ts';
import { restingPlayhead } from './playhead.ts';
import { changeSide, defaultSettings } from './settings.ts';
import type { SideRun } from './side.ts';
import { initialStudio, reduceStudio, type StudioState } from './studio.ts';
import {
  canPlay,
  lastOfTimeline,
  leadingSide,
  playheadTime,
  pointedShare,
  timelineIndex,
  timeRead,
} from './timeline.ts';

const settings = changeSide(defaultSettings, 'b', { steps: 8 });
const ready = reduceStudio(initialStudio(settings, 'auto'), {
  type: 'engine-ready',
  report: backendReport(),
  models: [oneStepModel, manyStepModel],
});
const shown = (a: SideRun, b: SideRun, change: Partial<StudioState> = {}): StudioState => ({
  ...ready,
  sides: { a, b },
  ...change,
});
const oneStep = doneSide({}, { model: 'one', stepCount: 1 });

describe('the axis of both trajectories', () => {
  it('has the cells that a draw would fill before there is one', () => {
    expect([leadingSide(ready), lastOfTimeline(ready), timelineIndex(ready)]).toEqual(['b', 8, 0]);
    expect(canPlay(ready)).toBe(false);
  });

  it('is that of the side with more frames, once they are drawn that of the draw', () => {
    expect(lastOfTimeline(shown(oneStep, doneSide()))).toBe(4);
    expect(leadingSide(shown(doneSide(), oneStep))).toBe('a');
  });

  it('has its playhead follow a run, and rest at the picture after it', () => {
    const running = shown(oneStep, runningSide(3), { run: 1 });
    expect([canPlay(running), timelineIndex(running), playheadTime(running)]).toEqual([false, 3, 0.75]);
    const done = shown(oneStep, doneSide());
    expect([canPlay(done), timelineIndex(done), playheadTime(done)]).toEqual([true, 4, 1]);
  });

  it('keeps the playhead on an axis that became shorter', () => {
    const state = shown(oneStep, doneSide(), { playhead: { ...restingPlayhead, index: 7 } });
    expect(timelineIndex(state)).toBe(4);
  });

  it('reads values under the pointer, which a strip links with its own side alone', () => {
    const peek = { side: 'b', view: 'path', share: 0.5 } as const;
    const state = shown(oneStep, doneSide(), { playhead: { ...restingPlayhead, peek } });
    expect(timeRead(state)).toBe(0.5);
    expect([pointedShare(state, 'a'), pointedShare(state, 'b')]).toEqual([null, 0.5]);
    const ofBoth = { playhead: { ...restingPlayhead, peek: { ...peek, side: null } } };
    expect(pointedShare(ofBoth, 'a')).toBe(0.5);
  });

  it('takes a share for the time where nothing is drawn', () => {
    const peeked = { ...restingPlayhead, peek: { side: null, view: 'path', share: 0.25 } } as const;
    expect(timeRead({ ...ready, playhead: peeked })).toBe(0.25);
  });
});
