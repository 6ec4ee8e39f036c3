import { describe, expect, it } from 'vitest';
import { backendReport, doneSide, manyStepModel, oneStepModel, strangerModel } from '../test/sample-runs.ts';
import { nextIdleJob } from './idle-work.ts';
import { changeSide, defaultSettings } from './settings.ts';
import { finishSide, idleSide, queueSide } from './side.ts';
import { initialStudio, reduceStudio, type StudioAction, type StudioState } from './studio.ts';
import { parseCounts, referenceCell, sweepIsOutdated, sweepRows, wantedSimilarity } from './sweep.ts';

const models = [oneStepModel, manyStepModel, strangerModel];
const ready = [
  { type: 'engine-ready', report: backendReport(), models },
  { type: 'strip-wished', wish: 'off' },
  { type: 'sweep-changed', change: { counts: [1, 2, 4] } },
] as const satisfies readonly StudioAction[];
const reduced = (state: StudioState, ...actions: StudioAction[]): StudioState =>
  actions.reduce(reduceStudio, state);
const state = reduced(initialStudio(defaultSettings, 'auto'), ...ready);
const started = reduced(state, { type: 'sweep-started' });

function drawn(from: StudioState): StudioState {
  let swept = from;
  for (let job = nextIdleJob(swept); job !== null; job = nextIdleJob(swept)) {
    const run = finishSide(queueSide(idleSide, job.request), doneSide().result!);
    swept = reduced(swept, { type: 'sweep-drawn', drawn: run });
  }
  return swept;
}

describe('step counts', () => {
  it.each([
    ['1, 2,4', [1, 2, 4]],
    ['8 2;2', [2, 8]],
    ['', null],
    ['0, 2', null],
    ['2.5', null],
    ['1,2,3,4,5,6,7,8,9,10,11', null],
    ['two', null],
  ])('%j are %j', (text, counts) => expect(parseCounts(text)).toEqual(counts));
});

describe('a sweep', () => {
  it('has the models of a lineage, and cells where a model takes the count', () => {
    const rows = sweepRows(state).map(({ model, cells }) => [
      model.id,
      cells.map(({ request }) => request?.stepCount ?? null),
    ]);
    expect(rows).toEqual([
      ['one', [1, null, null]],
      ['many', [1, 2, 4]],
    ]);
  });

  it('is drawn row by row while nothing else is, and ends by itself', () => {
    expect(nextIdleJob(state)).toBeNull();
    expect(nextIdleJob(started)).toMatchObject({ kind: 'sweep', request: { model: 'one', stepCount: 1 } });
    expect(nextIdleJob({ ...started, run: 4 })).toBeNull();
    const done = drawn(started);
    expect([done.sweep.cells.size, done.sweep.running, nextIdleJob(done)]).toEqual([4, false, null]);
  });

  it('can be stopped, and goes on where it was', () => {
    const stopped = reduced(started, { type: 'sweep-stopped' });
    expect(nextIdleJob(stopped)).toBeNull();
    expect(drawn(reduced(drawn(started), { type: 'sweep-started' })).sweep.cells.size).toBe(4);
  });

  it('keeps its prompt while another is typed, and says so', () => {
    const typed = reduced(started, { type: 'settings-changed', change: { prompt: 'an owl' } });
    expect([sweepIsOutdated(started), sweepIsOutdated(typed)]).toEqual([false, true]);
    expect(nextIdleJob(typed)?.request.prompt).toBe('a red apple');
    expect(nextIdleJob(reduced(typed, { type: 'sweep-started' }))?.request.prompt).toBe('an owl');
  });

  it('takes sampler and guidance from a side that has the model', () => {
    const settings = changeSide(defaultSettings, 'b', { guidance: 1.5 });
    const requests = sweepRows({ ...state, settings }).map(({ cells }) => cells[0]?.request?.guidanceScale);
    expect(requests).toEqual([1, 1.5]);
  });

  it('compares each row with its most steps, once all is drawn', () => {
    expect(wantedSimilarity(started)).toBeNull();
    let done = drawn(started);
    const row = sweepRows(done)[1]!;
    expect(referenceCell(done.sweep, row)?.stepCount).toBe(4);
    let compared = 0;
    for (let wanted = wantedSimilarity(done); wanted !== null; wanted = wantedSimilarity(done)) {
      compared += 1;
      done = reduced(done, { type: 'sweep-compared', key: wanted.key, similarity: 0.5 });
    }
    expect(compared).toBe(2);
  });

  it('lends a cell to a side, its prompt and noise along; not while a draw is under way', () => {
    const done = reduced(drawn(started), { type: 'settings-changed', change: { prompt: 'typed', seed: 9 } });
    const cell = sweepRows(done)[1]!.cells[1]!;
    const take: StudioAction = { type: 'cell-taken', side: 'a', key: cell.key };
    const taken = reduced(done, take);
    expect(taken.settings).toMatchObject({ prompt: 'a red apple', seed: 7 });
    expect(taken.settings.sides.a).toMatchObject({ model: 'many', sampler: null, steps: 2, guidance: null });
    expect(taken.sides.a).toMatchObject({ status: 'done', reused: true, request: { stepCount: 2 } });
    expect(reduced({ ...done, run: 1 }, take).sides.a.request).toBeNull();
  });
});
