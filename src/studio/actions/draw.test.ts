/**
 * The order of things between page and worker, over the EngineClient port: what the engine draws is tested with the
 * real engine elsewhere; here the port is played by hand so that every moment of a run can be stopped at.
 */
import { describe, expect, it } from 'vitest';
import { drawnPair, settle, studioByHand } from '../test/studio-by-hand.ts';

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
    await draws[0]?.fail('backend-failed');
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

  it('draws both where the settings that one failed with were changed', async () => {
    const { actions, draws } = studioByHand();
    await actions.open();
    await settle();
    await draws[0]?.finish();
    await draws[1]?.fail('backend-failed');
    actions.changeSide('b', { steps: 4 });
    actions.change({ prompt: 'typed meanwhile' });
    actions.drawSide('b');
    await settle();
    await draws[2]?.finish();
    expect(draws.slice(2).map(({ request }) => [request.model, request.stepCount, request.prompt])).toEqual([
      ['one', 1, 'typed meanwhile'],
      ['many', 4, 'typed meanwhile'],
    ]);
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
