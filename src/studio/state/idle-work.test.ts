import { describe, expect, it } from 'vitest';
import {
  backendReport,
  doneSide,
  manyStepModel,
  oneStepModel,
  picture,
  request,
  strangerModel,
} from '../test/sample-runs.ts';
import { planSide } from './draw-plan.ts';
import { nextIdleJob } from './idle-work.ts';
import { isLeftBehind, isOutdated, oneStepSide } from './live.ts';
import { stripPicture, stripSeeds } from './seed-strip.ts';
import { changeSide, defaultSettings } from './settings.ts';
import { failSide, finishSide, idleSide, queueSide } from './side.ts';
import { initialStudio, reduceStudio, type StudioAction, type StudioState } from './studio.ts';

const warmAndQuick = { timings: { textMs: 5, stepMs: [10], decodeMs: 15, totalMs: 30 } };
const models = [oneStepModel, manyStepModel, strangerModel];
const ready = reduceStudio(initialStudio(defaultSettings, 'auto'), {
  type: 'engine-ready',
  report: backendReport(),
  models,
});
const runOf = (settings = defaultSettings, change = {}) => {
  const asked = planSide(settings, 'a', oneStepModel);
  return { ...doneSide(change), request: asked };
};
const drawn: StudioState = {
  ...ready,
  strip: { ...ready.strip, wish: 'off' },
  sides: { a: runOf(), b: { ...doneSide(), request: planSide(defaultSettings, 'b', manyStepModel) } },
};
const reduced = (state: StudioState, ...actions: StudioAction[]): StudioState =>
  actions.reduce(reduceStudio, state);
const typed = (prompt: string): StudioAction => ({ type: 'settings-changed', change: { prompt } });
const live: StudioAction = { type: 'live-switched', on: true };

describe('live mode', () => {
  it('follows the side of one step, A first', () => {
    expect(oneStepSide(ready)).toBe('a');
    const swapped = { ...ready, settings: changeSide(defaultSettings, 'a', { model: 'many', steps: 8 }) };
    expect(oneStepSide(swapped)).toBeNull();
    const onB = { ...swapped, settings: changeSide(swapped.settings, 'b', { model: 'one' }) };
    expect(oneStepSide(onB)).toBe('b');
  });

  it('wants the picture of the settings as they are now, and nothing once it is shown', () => {
    expect(nextIdleJob(reduced(drawn, typed('an owl')))).toBeNull();
    const state = reduced(drawn, live, typed('an o'), typed('an owl'));
    expect(nextIdleJob(state)).toMatchObject({ kind: 'live', side: 'a', request: { prompt: 'an owl' } });
    const job = nextIdleJob(state)!;
    const shown = finishSide(queueSide(idleSide, job.request), doneSide().result!);
    const after = reduced(state, { type: 'live-drawn', side: 'a', drawn: shown, paceMs: 140 });
    expect(nextIdleJob(after)).toBeNull();
    expect([after.live.paceMs, after.sides.a.request?.prompt]).toEqual([140, 'an owl']);
  });

  it('does not give a side what was drawn for another model of it', () => {
    const state = reduced(drawn, live, typed('an owl'));
    const job = nextIdleJob(state)!;
    const shown = finishSide(queueSide(idleSide, job.request), doneSide().result!);
    const told: StudioAction = { type: 'live-drawn', side: 'a', drawn: shown, paceMs: null };
    const many = { ...state, settings: changeSide(state.settings, 'a', { model: 'many', steps: 8 }) };
    expect(reduced(many, told)).toBe(many);
    const swap: StudioAction = { type: 'sides-swapped', models: { a: oneStepModel, b: manyStepModel } };
    const swapped = reduced(state, swap);
    expect(reduced(swapped, told).sides).toEqual(swapped.sides);
  });

  it('waits for a draw, an engine, a seed, a side of one step', () => {
    const state = reduced(drawn, live, typed('an owl'));
    expect(nextIdleJob({ ...state, run: 1 })).toBeNull();
    expect(nextIdleJob({ ...state, engine: { ...state.engine, status: 'failed' } })).toBeNull();
    const seedless: StudioAction = { type: 'settings-changed', change: { seed: Number.NaN } };
    expect(nextIdleJob(reduced(state, seedless))).toBeNull();
    const steps = changeSide(state.settings, 'a', { model: 'many', steps: 3 });
    expect(nextIdleJob({ ...state, settings: steps })).toBeNull();
  });

  it('drops what arrives after a draw began, and ends when it fails', () => {
    const state = reduced(drawn, live, typed('an owl'));
    const asked = nextIdleJob(state)!.request;
    const failed = failSide(queueSide(idleSide, asked), { code: 'out-of-memory', message: 'Why.' });
    const told: StudioAction = { type: 'live-drawn', side: 'a', drawn: failed, paceMs: null };
    expect(reduced({ ...state, run: 1 }, told)).toEqual({ ...state, run: 1 });
    expect(reduced(state, told).live.on).toBe(false);
    expect(nextIdleJob(reduced(state, told, live))).toBeNull();
  });

  it('leaves the other side behind, which is said', () => {
    const state = reduced(drawn, live, typed('an owl'));
    expect([isOutdated(state, 'b'), isLeftBehind(state, 'b'), isLeftBehind(state, 'a')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isLeftBehind(reduced(drawn, live), 'b')).toBe(false);
  });
});

describe('the strip of seeds', () => {
  const cheap = {
    ...drawn,
    strip: ready.strip,
    sides: { ...drawn.sides, a: runOf(defaultSettings, warmAndQuick) },
  };

  it('begins with the seed and ends where seeds end', () => {
    expect(stripSeeds(7)).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
    expect(stripSeeds(2 ** 53 - 2)).toEqual([2 ** 53 - 2, 2 ** 53 - 1]);
    expect(stripSeeds(Number.NaN)).toEqual([]);
  });

  it('is drawn unasked where that is quick, the shown picture taken over', () => {
    expect(stripPicture(cheap, 7)).toEqual(picture(255));
    expect(nextIdleJob(cheap)).toMatchObject({ kind: 'seed', request: { seed: 8, previews: false } });
    const slow = { timings: { ...warmAndQuick.timings, totalMs: 900 } };
    for (const change of [slow, { ...warmAndQuick, cold: true }]) {
      const state = { ...cheap, sides: { ...cheap.sides, a: runOf(defaultSettings, change) } };
      expect(nextIdleJob(state)).toBeNull();
      expect(nextIdleJob(reduced(state, { type: 'strip-wished', wish: 'asked' }))).toMatchObject({
        kind: 'seed',
      });
      expect(nextIdleJob(reduced(state, { type: 'strip-wished', wish: 'off' }))).toBeNull();
    }
  });

  it('fills up, one after the other, and is kept for other seeds', () => {
    let state: StudioState = cheap;
    const seeds: number[] = [];
    for (let job = nextIdleJob(state); job !== null; job = nextIdleJob(state)) {
      seeds.push(job.request.seed);
      state = reduced(state, {
        type: 'seed-drawn',
        request: job.request,
        picture: picture(job.request.seed),
      });
    }
    expect(seeds).toEqual([8, 9, 10, 11, 12, 13, 14]);
    const further = reduced(state, { type: 'settings-changed', change: { seed: 10 } });
    expect(stripPicture(further, 12)).toEqual(picture(12));
    expect(nextIdleJob(further)?.request.seed).toBe(15);
  });

  it('stands back for live mode', () => expect(nextIdleJob(reduced(cheap, live))).toBeNull());

  it('needs a side of one step', () => {
    const settings = changeSide(defaultSettings, 'a', { model: 'many', steps: 8 });
    expect(nextIdleJob({ ...cheap, settings, strip: { ...cheap.strip, wish: 'asked' } })).toBeNull();
    expect(stripPicture({ ...cheap, settings }, request().seed)).toBeNull();
  });
});
