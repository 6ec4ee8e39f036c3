import { describe, expect, it, vi } from 'vitest';

// The state must not need React: importing it anywhere below would throw.
vi.mock('react', () => {
  throw new Error('The state imported React.');
});

import {
  backendReport,
  doneSide,
  drawResult,
  drawStep,
  manyStepModel,
  noiseEvent,
  oneStepModel,
  picture,
  request,
} from '../test/sample-runs.ts';
import { defaultSettings } from './settings.ts';
import { createStudioStore } from './store.ts';
import { initialStudio, lastIndex, reduceStudio, type StudioAction, type StudioState } from './studio.ts';

const initial = initialStudio(defaultSettings, 'auto');
const reduced = (actions: readonly StudioAction[], from: StudioState = initial): StudioState =>
  actions.reduce(reduceStudio, from);

const ready: StudioAction = {
  type: 'engine-ready',
  report: backendReport(),
  models: [oneStepModel, manyStepModel],
};
const begun: readonly StudioAction[] = [
  ready,
  { type: 'draw-queued', run: 1, sides: ['a', 'b'] },
  { type: 'side-queued', run: 1, side: 'a', request: request({ model: 'one', stepCount: 1 }) },
  { type: 'side-queued', run: 1, side: 'b', request: request() },
  { type: 'side-started', run: 1, side: 'a' },
  { type: 'side-told', run: 1, side: 'a', event: noiseEvent, atMs: 0 },
  { type: 'side-finished', run: 1, side: 'a', result: drawResult() },
  { type: 'side-started', run: 1, side: 'b' },
  { type: 'side-told', run: 1, side: 'b', event: { kind: 'step', step: drawStep(0, 4) }, atMs: 9 },
];

describe('a draw', () => {
  it('runs both sides from the start, A first', () => {
    const state = reduced(begun.slice(0, 2));
    expect([state.run, state.sides.a.status, state.sides.b.status]).toEqual([1, 'running', 'running']);
    const later = reduced(begun);
    expect([later.sides.a.status, later.sides.b.status, later.sides.b.steps.length]).toEqual([
      'done',
      'running',
      1,
    ]);
    expect(lastIndex(later)).toBe(4);
  });

  it('ends with both sides done', () => {
    const state = reduced([
      ...begun,
      { type: 'side-finished', run: 1, side: 'b', result: drawResult() },
      { type: 'draw-ended', run: 1 },
    ]);
    expect([state.run, state.sides.a.status, state.sides.b.status]).toEqual([null, 'done', 'done']);
  });

  it('is idle at once after a cancel; what arrives late is ignored', () => {
    const cancelled = reduced([...begun, { type: 'draw-cancelled' }]);
    expect([cancelled.run, cancelled.sides.a.status, cancelled.sides.b.status]).toEqual([
      null,
      'done',
      'idle',
    ]);
    const late = reduced(
      [
        { type: 'side-told', run: 1, side: 'b', event: { kind: 'step', step: drawStep(1, 4) }, atMs: 20 },
        { type: 'side-finished', run: 1, side: 'b', result: drawResult() },
        { type: 'draw-ended', run: 1 },
      ],
      cancelled,
    );
    expect(late).toEqual(cancelled);
  });

  it('belongs to the latest run only', () => {
    const second = reduced([...begun, { type: 'draw-queued', run: 2, sides: ['a', 'b'] }]);
    expect(reduced([{ type: 'side-finished', run: 1, side: 'b', result: drawResult() }], second)).toEqual(
      second,
    );
  });

  it('takes an earlier run for a side and says so', () => {
    const state = reduced([...begun, { type: 'side-reused', run: 1, side: 'a', earlier: doneSide() }]);
    expect([state.sides.a.status, state.sides.a.reused]).toEqual(['done', true]);
  });
});

describe('errors', () => {
  const fail = (code: 'out-of-memory' | 'backend-lost'): StudioAction => ({
    type: 'side-failed',
    run: 1,
    side: 'b',
    error: { code, message: 'Why.' },
  });

  it('of one picture leave the other side and the engine as they are', () => {
    const state = reduced([...begun, fail('out-of-memory')]);
    expect([state.sides.a.status, state.sides.b.status, state.engine.status]).toEqual([
      'done',
      'error',
      'ready',
    ]);
  });

  it('of the engine stop it and keep what was drawn', () => {
    const state = reduced([...begun, fail('backend-lost')]);
    expect([state.sides.a.status, state.sides.b.status, state.engine.status]).toEqual([
      'done',
      'error',
      'failed',
    ]);
    expect(state.engine.error?.code).toBe('backend-lost');
  });

  it('at the start leave both sides idle and unmarked', () => {
    const state = reduced([
      { type: 'draw-queued', run: 1, sides: ['a', 'b'] },
      { type: 'engine-failed', error: { code: 'backend-unavailable', message: 'None.' } },
    ]);
    expect([state.run, state.sides.a.status, state.sides.a.stopped]).toEqual([null, 'idle', false]);
  });

  it('are gone after a restart, the models are not', () => {
    const state = reduced([...begun, fail('backend-lost'), { type: 'engine-starting', choice: 'wasm' }]);
    expect([state.engine.status, state.engine.error, state.engine.choice]).toEqual([
      'starting',
      null,
      'wasm',
    ]);
    expect(state.engine.models).toHaveLength(2);
  });
});

describe('frames that are decoded after the run', () => {
  it('join the draw that they belong to, and no other', () => {
    const done = reduced([...begun, { type: 'draw-ended', run: 1 }]);
    const asked = done.sides.b.request!;
    const frames = [{ frame: { view: 'path', index: 0 }, picture: picture(42) }] as const;
    const told = reduced([{ type: 'frames-decoded', side: 'b', request: asked, frames }], done);
    expect(told.sides.b.noise).toEqual(picture(42));
    expect(reduced([{ type: 'frames-decoded', side: 'b', request: request(), frames }], done)).toBe(done);
  });
});

describe('settings, tokens and playhead', () => {
  it('change alone', () => {
    const state = reduced([{ type: 'settings-changed', change: { seed: 60 } }]);
    expect(state).toEqual({ ...initial, settings: { ...defaultSettings, seed: 60 } });
  });

  it('remember which prompt the tokens were counted for', () => {
    const tokens = { tokenCount: 5, limit: 77, truncated: '' };
    expect(reduced([{ type: 'tokens-counted', prompt: 'p', tokens }]).tokens).toEqual({
      ...tokens,
      prompt: 'p',
    });
  });

  it('scrub within the run on side B, and a new draw rests the playhead', () => {
    const scrubbed = reduced([...begun, { type: 'playback-started' }, { type: 'playhead-moved', index: 2 }]);
    expect(scrubbed.playhead).toMatchObject({ index: 2, playing: false });
    const again = reduced([{ type: 'draw-queued', run: 2, sides: ['a', 'b'] }], scrubbed);
    expect(again.playhead.index).toBeNull();
  });

  it('close the notice until the engine starts anew', () => {
    const closed = reduced([ready, { type: 'notice-closed' }]);
    expect(closed.engine.noticeClosed).toBe(true);
    expect(reduced([{ type: 'engine-starting', choice: 'auto' }], closed).engine.noticeClosed).toBe(false);
  });
});

describe('the store', () => {
  it('reduces and tells its subscribers, without React', () => {
    const store = createStudioStore(initial);
    const seen: number[] = [];
    store.subscribe((state) => seen.push(state.settings.seed));
    store.dispatch({ type: 'settings-changed', change: { seed: 11 } });
    expect(seen).toEqual([11]);
    expect(store.getState().settings.seed).toBe(11);
  });
});
