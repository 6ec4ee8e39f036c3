/** The order of things between page and worker while nothing is drawn; the engine's port is played by hand. */
import { describe, expect, it, vi } from 'vitest';
import type { DrawRequest, DrawResult, EngineClient } from '../../worker/protocol.ts';
import { planSide } from '../state/draw-plan.ts';
import { createSecondChances } from '../state/recovery.ts';
import { defaultSettings } from '../state/settings.ts';
import type { SideRun } from '../state/side.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { backendReport, doneSide, drawResult, manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { drawWhileIdle } from './idle-drawing.ts';

interface Pending {
  readonly request: DrawRequest;
  readonly signal: AbortSignal;
  readonly finish: (result?: DrawResult) => Promise<void>;
  readonly fail: (code: string) => Promise<void>;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function liveByHand() {
  const draws: Pending[] = [];
  const remembered: SideRun[] = [];
  const client = {
    draw: (request: DrawRequest, { signal }: { signal: AbortSignal }) =>
      new Promise<DrawResult>((resolve, reject) => {
        const finish = (result = drawResult()) => {
          resolve(result);
          return settle();
        };
        const fail = (code: string) => {
          reject(Object.assign(new Error(code), { code, toJSON: () => ({ code, message: code }) }));
          return settle();
        };
        draws.push({ request, signal, finish, fail });
      }),
  } as unknown as EngineClient;
  const recover = vi.fn(async () => client);
  const initial = initialStudio(defaultSettings, 'auto');
  const shown = { ...doneSide(), request: planSide(defaultSettings, 'a', oneStepModel) };
  const store = createStudioStore({ ...initial, sides: { ...initial.sides, a: shown } });
  let clock = 0;
  const end = drawWhileIdle(store, { ready: async () => client, recover }, createSecondChances(), {
    remember: (run) => remembered.push(run),
    now: () => clock,
  });
  store.dispatch({ type: 'strip-wished', wish: 'off' });
  store.dispatch({ type: 'engine-ready', report: backendReport(), models: [oneStepModel, manyStepModel] });
  store.dispatch({ type: 'live-switched', on: true });
  const type = async (prompt: string) => {
    store.dispatch({ type: 'settings-changed', change: { prompt } });
    await settle();
  };
  const pass = (milliseconds: number) => {
    clock += milliseconds;
  };
  return { store, draws, remembered, type, pass, end, recover };
}

describe('drawing while idle', () => {
  it('never queues: while one picture is drawn, letters pass; then the latest is drawn', async () => {
    const { draws, type, store } = liveByHand();
    for (const prompt of ['a', 'an', 'an o', 'an owl']) await type(prompt);
    expect(draws.map(({ request }) => request.prompt)).toEqual(['a']);
    await draws[0]?.finish();
    expect(draws.map(({ request }) => request.prompt)).toEqual(['a', 'an owl']);
    expect(store.getState().sides.a.request?.prompt).toBe('a');
    await draws[1]?.finish();
    expect(store.getState().sides.a.request?.prompt).toBe('an owl');
    expect(draws).toHaveLength(2);
  });

  it('tells the pace within a burst, and hands pictures over to draws', async () => {
    const { draws, type, store, pass, remembered } = liveByHand();
    pass(10_000);
    await type('a');
    await draws[0]?.finish();
    expect(store.getState().live.paceMs).toBeNull();
    await type('an');
    pass(140);
    await draws[1]?.finish();
    expect(store.getState().live.paceMs).toBe(140);
    expect(remembered.map(({ request }) => request?.prompt)).toEqual(['a', 'an']);
  });

  it('gives way to a draw, and takes up again after it', async () => {
    const { draws, type, store } = liveByHand();
    await type('an owl');
    store.dispatch({ type: 'draw-queued', run: 1, sides: ['a', 'b'] });
    expect(draws[0]?.signal.aborted).toBe(true);
    await draws[0]?.finish();
    expect(store.getState().sides.a.request?.prompt).toBe('a red apple');
    store.dispatch({ type: 'draw-ended', run: 1 });
    await settle();
    expect(draws.at(-1)?.request.prompt).toBe('an owl');
  });

  it('does a job again in a new engine, and says so when that fails too', async () => {
    const { draws, type, store, recover } = liveByHand();
    await type('an owl');
    await draws[0]?.fail('worker-lost');
    expect(recover).toHaveBeenCalledOnce();
    expect(draws[1]?.request).toEqual(draws[0]?.request);
    await draws[1]?.fail('worker-lost');
    expect([draws.length, recover.mock.calls.length]).toEqual([2, 1]);
    expect(store.getState().engine).toMatchObject({ status: 'failed', error: { code: 'worker-lost' } });
  });

  it('ends', async () => {
    const { draws, type, end } = liveByHand();
    end();
    await type('an owl');
    expect(draws).toHaveLength(0);
  });
});
