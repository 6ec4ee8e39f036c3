/**
 * The order of things between page and worker, over the EngineClient port: what the engine draws is tested with the
 * real engine elsewhere; here the port is played by hand so that every moment of a run can be stopped at.
 */
import { describe, expect, it, vi } from 'vitest';
import type { DrawRequest, DrawResult, EngineClient } from '../../worker/protocol.ts';
import { defaultSettings } from '../state/settings.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { backendReport, drawResult, manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { createStudioActions } from './studio-actions.ts';

interface PendingDraw {
  readonly request: DrawRequest;
  readonly signal: AbortSignal | undefined;
  finish(change?: Partial<DrawResult>): Promise<void>;
  fail(code: string): Promise<void>;
}

/** Lets every promise that can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 45));

class WireError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
  toJSON() {
    return { code: this.code, message: this.message };
  }
}

function studioByHand({ startFails = false } = {}) {
  const draws: PendingDraw[] = [];
  const clients: { disposed: boolean }[] = [];
  const createClient = (): EngineClient => {
    const record = { disposed: false };
    clients.push(record);
    return {
      start: async () => {
        if (startFails) throw new WireError('backend-unavailable');
        return backendReport();
      },
      models: async () => [oneStepModel, manyStepModel],
      countTokens: async () => ({ tokenCount: 5, limit: 77, truncated: '' }),
      decode: async () => [],
      draw: (request, { signal }) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new WireError('aborted')));
          draws.push({
            request,
            signal,
            finish: (change) => {
              resolve(drawResult(change));
              return settle();
            },
            fail: (code) => {
              reject(new WireError(code));
              return settle();
            },
          });
        }),
      dispose: () => {
        record.disposed = true;
      },
    };
  };
  const store = createStudioStore(initialStudio(defaultSettings, 'auto'));
  // The strip of seeds has tests of its own; here it would draw beside the pair.
  store.dispatch({ type: 'strip-wished', wish: 'off' });
  const random = vi.fn(() => 0.5);
  const actions = createStudioActions(store, { createClient, stillMotion: () => false, random });
  const statuses = () => [store.getState().sides.a.status, store.getState().sides.b.status];
  return { store, actions, draws, clients, statuses };
}

async function drawnPair(change: Partial<DrawResult> = {}) {
  const studio = studioByHand();
  await studio.actions.open();
  await settle();
  await studio.draws[0]?.finish(change);
  await studio.draws[1]?.finish(change);
  return studio;
}

describe('drawing', () => {
  it('begins with the page: A, then B, from one seed', async () => {
    const { actions, draws, statuses, store } = studioByHand();
    const opened = actions.open();
    expect(statuses()).toEqual(['running', 'running']);
    await opened;
    await settle();
    expect(draws.map(({ request }) => request.model)).toEqual(['one']);
    await draws[0]?.finish();
    expect(draws.map(({ request }) => request.model)).toEqual(['one', 'many']);
    expect(statuses()).toEqual(['done', 'running']);
    await draws[1]?.finish();
    expect(statuses()).toEqual(['done', 'done']);
    expect(store.getState().run).toBeNull();
    expect(draws[0]?.request.seed).toBe(draws[1]?.request.seed);
  });

  it('is idle in the same turn as the cancel, and drops what still arrives', async () => {
    const { actions, draws, statuses } = await drawnPair();
    actions.draw();
    await settle();
    actions.cancel();
    expect(statuses()).toEqual(['idle', 'idle']);
    expect(draws[2]?.signal?.aborted).toBe(true);
    await draws[2]?.finish();
    expect(statuses()).toEqual(['idle', 'idle']);
    expect(draws).toHaveLength(3);
  });

  it('lets the latest draw win', async () => {
    const { actions, draws, store } = await drawnPair();
    actions.drawPrompt('an owl');
    await settle();
    actions.drawPrompt('a fox');
    await settle();
    expect(draws[2]?.signal?.aborted).toBe(true);
    expect(draws.at(-1)?.request.prompt).toBe('a fox');
    await draws.at(-1)?.finish();
    expect(store.getState().sides.a.request?.prompt).toBe('a fox');
  });

  it('keeps side A when only N changed, and its measured time', async () => {
    const { actions, draws, store, statuses } = await drawnPair();
    actions.changeSide('b', { steps: 8 });
    actions.draw();
    expect(statuses()).toEqual(['running', 'running']);
    await settle();
    expect(draws.slice(2).map(({ request }) => [request.model, request.stepCount])).toEqual([['many', 8]]);
    expect(store.getState().sides.a).toMatchObject({
      status: 'done',
      reused: true,
      result: { timings: { totalMs: 60 } },
    });
  });

  it('measures both again when nothing changed, or when A ran cold', async () => {
    const warm = await drawnPair();
    warm.actions.draw();
    await settle();
    expect(warm.draws[2]?.request.model).toBe('one');
    const cold = await drawnPair({ cold: true });
    cold.actions.changeSide('b', { steps: 8 });
    cold.actions.draw();
    await settle();
    expect(cold.draws[2]?.request.model).toBe('one');
  });

  it('draws B even when A failed, and one side again by itself', async () => {
    const { actions, draws, statuses, store } = studioByHand();
    await actions.open();
    await settle();
    await draws[0]?.fail('out-of-memory');
    await draws[1]?.finish();
    expect(statuses()).toEqual(['error', 'done']);
    actions.change({ prompt: 'typed meanwhile' });
    actions.drawSide('a');
    await settle();
    expect(draws[2]?.request).toMatchObject({ model: 'one', prompt: 'a red apple' });
    await draws[2]?.finish();
    expect(statuses()).toEqual(['done', 'done']);
    expect(store.getState().run).toBeNull();
  });

  it('stops when the device is lost; a restart draws again in a new worker', async () => {
    const { actions, draws, statuses, store, clients } = studioByHand();
    await actions.open();
    await settle();
    await draws[0]?.fail('backend-lost');
    expect(draws).toHaveLength(1);
    expect(statuses()).toEqual(['error', 'idle']);
    expect(store.getState()).toMatchObject({ run: null, engine: { status: 'failed' } });
    await actions.restartEngine('wasm');
    await settle();
    expect(clients.map(({ disposed }) => disposed)).toEqual([true, false]);
    expect(store.getState().engine).toMatchObject({ status: 'ready', choice: 'wasm' });
    expect(statuses()).toEqual(['running', 'running']);
  });

  it('tries again in a new worker after one broke', async () => {
    const { actions, draws, clients, statuses } = studioByHand();
    await actions.open();
    await settle();
    await draws[0]?.fail('internal');
    await draws[1]?.fail('internal');
    expect(statuses()).toEqual(['error', 'error']);
    actions.drawSide('b');
    await settle();
    expect(clients).toHaveLength(2);
    expect(statuses()).toEqual(['running', 'running']);
  });

  it('tells when no engine starts, and does not queue draws behind it', async () => {
    const { actions, draws, store, statuses } = studioByHand({ startFails: true });
    await actions.open();
    await settle();
    expect(store.getState()).toMatchObject({
      run: null,
      engine: { status: 'failed', error: { code: 'backend-unavailable' } },
    });
    expect(statuses()).toEqual(['idle', 'idle']);
    actions.draw();
    await settle();
    expect([store.getState().run, draws.length]).toEqual([null, 0]);
  });
});

describe('the playhead', () => {
  it('waits for a finished run, then moves and plays', async () => {
    const { actions, store } = await drawnPair();
    actions.draw();
    actions.movePlayhead(1);
    actions.togglePlayback();
    expect(store.getState().playhead).toMatchObject({ index: null, playing: false });
    actions.cancel();
    const again = await drawnPair();
    again.actions.movePlayhead(3);
    expect(again.store.getState().playhead.index).toBe(3);
    again.actions.togglePlayback();
    expect(again.store.getState().playhead.playing).toBe(true);
    again.actions.togglePlayback();
    expect(again.store.getState().playhead).toMatchObject({ index: 3, playing: false });
  });
});

describe('the seed', () => {
  it('is kept while locked; unlocked, every draw after the first choice takes a new one', async () => {
    const { actions, store } = await drawnPair();
    actions.draw();
    expect(store.getState().settings.seed).toBe(7);
    actions.change({ seedLocked: false, seed: 9 });
    actions.draw();
    expect(store.getState().settings.seed).toBe(9);
    actions.draw();
    expect(store.getState().settings.seed).toBe(500_000);
  });

  it('steps and rolls', async () => {
    const { actions, store } = await drawnPair();
    actions.nextSeed();
    expect(store.getState().settings.seed).toBe(8);
    actions.randomSeed();
    expect(store.getState().settings.seed).toBe(500_000);
  });

  it('and N block a draw while out of range', async () => {
    const { actions, draws } = await drawnPair();
    actions.changeSide('b', { steps: 51 });
    expect(actions.draw()).toBe('steps-b');
    await settle();
    expect(draws).toHaveLength(2);
  });
});
