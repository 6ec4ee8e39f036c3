/** A lost device, worker or memory: a new engine, the same run once more, and no third time. */
import { describe, expect, it } from 'vitest';
import { compareTimes } from '../state/comparison.ts';
import { settle, studioByHand } from '../test/studio-by-hand.ts';
import { pageVisibility } from './page-visibility.ts';

async function opened(options?: Parameters<typeof studioByHand>[0]) {
  const studio = studioByHand(options);
  await studio.actions.open();
  await settle();
  return studio;
}

/** A document that is hidden and shown by hand. */
function tab() {
  const events = new EventTarget();
  const page = Object.assign(events, { hidden: false }) as unknown as Document & { hidden: boolean };
  const turn = (hidden: boolean): Promise<void> => {
    page.hidden = hidden;
    events.dispatchEvent(new Event('visibilitychange'));
    return settle();
  };
  return { visibility: pageVisibility(page), turn };
}

describe.each(['backend-lost', 'worker-lost', 'out-of-memory'])('%s', (code) => {
  it('draws the same request again in a new worker, and tells why', async () => {
    const { draws, clients, store, statuses } = await opened();
    await draws[0]?.finish();
    await draws[1]?.fail(code);
    expect(clients.map(({ disposed }) => disposed)).toEqual([true, false]);
    expect(draws[2]?.request).toEqual(draws[1]?.request);
    expect(statuses()).toEqual(['done', 'running']);
    expect(store.getState().engine).toMatchObject({
      status: 'ready',
      recovery: { error: { code }, whileHidden: false },
    });
    await draws[2]?.finish();
    expect(statuses()).toEqual(['done', 'done']);
    expect(store.getState().run).toBeNull();
    store.dispatch({ type: 'recovery-closed' });
    expect(store.getState().engine.recovery).toBeNull();
  });

  it('is told after the second time, and not tried a third time by itself', async () => {
    const { actions, draws, clients, store } = await opened();
    await draws[0]?.fail(code);
    await draws[1]?.fail(code);
    expect(clients).toHaveLength(2);
    expect(store.getState().sides.a).toMatchObject({ status: 'error', error: { code } });
    expect(store.getState().engine.status).toBe(code === 'out-of-memory' ? 'ready' : 'failed');
    const before = draws.length;
    await actions.restartEngine('auto');
    await settle();
    await draws[before]?.fail(code);
    expect(store.getState().sides.a).toMatchObject({ status: 'error', error: { code } });
  });

  it('has another chance once the request was drawn after all', async () => {
    const { actions, draws, statuses } = await opened();
    await draws[0]?.fail(code);
    await draws[1]?.finish();
    await draws[2]?.finish();
    actions.draw();
    await settle();
    await draws[3]?.fail(code);
    expect(draws[4]?.request).toEqual(draws[3]?.request);
    await draws[4]?.finish();
    await draws[5]?.finish();
    expect(statuses()).toEqual(['done', 'done']);
  });

  it('is dropped where the reader cancels meanwhile', async () => {
    const { actions, draws, statuses } = await opened();
    actions.cancel();
    await draws[0]?.fail(code);
    expect([draws.length, statuses()]).toEqual([1, ['idle', 'idle']]);
  });
});

it('other failures are not tried again', async () => {
  const { draws, clients, statuses } = await opened();
  await draws[0]?.fail('non-finite');
  expect([clients.length, draws.length]).toEqual([1, 2]);
  expect(statuses()).toEqual(['error', 'running']);
});

it('a model that is too large here is not tried again, and takes no engine with it', async () => {
  const { actions, draws, clients, statuses } = await opened();
  await draws[0]?.fail('model-too-large');
  await draws[1]?.finish();
  actions.drawSide('a');
  await settle();
  await draws[2]?.fail('model-too-large');
  expect([clients.length, draws.length, statuses()]).toEqual([1, 3, ['error', 'done']]);
});

it('memory that ran out twice is tried by hand in a new worker', async () => {
  const { actions, draws, clients } = await opened();
  await draws[0]?.fail('out-of-memory');
  await draws.at(-1)?.fail('out-of-memory');
  await draws.at(-1)?.finish();
  const before = clients.length;
  actions.drawSide('a');
  await settle();
  expect(clients.length).toBe(before + 1);
});

describe('a hidden tab', () => {
  it('gets its new engine once it is seen', async () => {
    const { visibility, turn } = tab();
    const { draws, store, clients } = await opened({ visibility });
    await turn(true);
    await draws[0]?.fail('backend-lost');
    expect(store.getState().engine).toMatchObject({ status: 'starting', recovery: { whileHidden: true } });
    expect(draws).toHaveLength(1);
    await turn(false);
    expect(clients).toHaveLength(2);
    expect(draws[1]?.request).toEqual(draws[0]?.request);
    await draws[1]?.finish();
    expect(store.getState().sides.a.status).toBe('done');
  });

  it('gives times that are set against none', async () => {
    const { visibility, turn } = tab();
    const { draws, store } = await opened({ visibility });
    await turn(true);
    await turn(false);
    await draws[0]?.finish();
    await draws[1]?.finish();
    const { a, b } = store.getState().sides;
    expect([a.hidden, b.hidden]).toEqual([true, false]);
    expect(compareTimes(a, b)).toMatchObject({ kind: 'none', reason: expect.stringContaining('hidden') });
  });
});
