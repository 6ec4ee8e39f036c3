import { describe, expect, it } from 'vitest';
import type { DecodeRequest, EngineClient, Picture } from '../../worker/protocol.ts';
import { defaultSettings } from '../state/settings.ts';
import type { SideRun } from '../state/side.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { missingFrames } from '../state/trajectory.ts';
import { backendReport, doneSide, manyStepModel, picture } from '../test/sample-runs.ts';
import { decodeMissingFrames } from './trajectory-frames.ts';

const undecoded = (side: SideRun): SideRun => ({
  ...side,
  noise: null,
  steps: side.steps.map(({ latentsPicture: _, endpointPicture: __, ...step }) => step),
});

/** A finished draw of both sides without its frames, and a worker whose answers are given by hand. */
function setUp({ decodeMs = 1 }: { decodeMs?: number } = {}) {
  let clock = 0;
  const asked: DecodeRequest[] = [];
  let answer: (pictures: readonly Picture[]) => void = () => {};
  let refuse: (error: Error) => void = () => {};
  const client = {
    decode: (request: DecodeRequest) => {
      asked.push(request);
      return new Promise<readonly Picture[]>((resolve, reject) => {
        answer = (pictures) => {
          clock += decodeMs;
          resolve(pictures);
        };
        refuse = reject;
      });
    },
  } as EngineClient;
  const store = createStudioStore({
    ...initialStudio(defaultSettings, 'auto'),
    sides: { a: undecoded(doneSide({}, { stepCount: 1 })), b: undecoded(doneSide()) },
  });
  decodeMissingFrames(store, { ready: async () => client }, { now: () => clock, wait: async () => {} });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const begin = async () => {
    store.dispatch({ type: 'engine-ready', report: backendReport(), models: [manyStepModel] });
    await settle();
  };
  return {
    store,
    asked,
    begin,
    settle,
    give: async (level: number) => {
      answer([picture(level)]);
      await settle();
    },
    fail: async () => {
      refuse(new Error('Lost.'));
      await settle();
    },
  };
}

describe('frames that a draw had no time for', () => {
  it('are decoded one at a time until none is missing, on both sides', async () => {
    const { store, asked, begin, give } = setUp();
    await begin();
    for (let level = 1; level <= 20 && asked.length === level; level++) await give(level);
    // A: noise and the end point from there; B: four of each.
    expect(asked).toHaveLength(10);
    expect(asked.every(({ latents }) => latents.length === 1)).toBe(true);
    const { a, b } = store.getState().sides;
    expect([...missingFrames(a), ...missingFrames(b)]).toEqual([]);
    expect(a.noise).toEqual(picture(1));
  });

  it('wait while something is drawn, and belong to the draw they were asked for', async () => {
    const { store, asked, begin, give } = setUp();
    await begin();
    store.dispatch({ type: 'draw-queued', run: 1, sides: ['a', 'b'] });
    await give(1);
    expect(asked).toHaveLength(1);
    store.dispatch({ type: 'draw-cancelled' });
    await give(2);
    expect(asked).toHaveLength(1);
  });

  it('under the playhead come first', async () => {
    const { store, asked, begin, give } = setUp();
    store.dispatch({ type: 'playhead-moved', index: 3 });
    await begin();
    expect(asked[0]!.latents[0]).toEqual(store.getState().sides.b.steps[2]!.latents);
    await give(1);
    expect(store.getState().sides.b.steps[2]!.latentsPicture).toEqual(picture(1));
  });

  it('are left alone where decoding is slow, but for those that the playhead comes to', async () => {
    const { store, asked, begin, give, settle } = setUp({ decodeMs: 60_000 });
    await begin();
    await give(1);
    await give(2);
    expect(asked).toHaveLength(2);
    store.dispatch({ type: 'playhead-moved', index: 2 });
    await settle();
    expect(asked).toHaveLength(3);
  });

  it('are given up for a draw whose decoding failed', async () => {
    const { asked, begin, fail } = setUp();
    await begin();
    await fail();
    await fail();
    expect(asked).toHaveLength(2);
  });
});
