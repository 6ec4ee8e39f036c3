import { expect, it } from 'vitest';
import { settle, studioByHand } from '../test/studio-by-hand.ts';
import { createBenchmark } from './benchmark.ts';
import { pageVisibility } from './page-visibility.ts';

it('tells the runs in which the tab was hidden', async () => {
  const page = Object.assign(new EventTarget(), { hidden: false }) as unknown as Document & {
    hidden: boolean;
  };
  const turn = (hidden: boolean): void => {
    page.hidden = hidden;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  const { store, actions, draws } = studioByHand();
  const visibility = pageVisibility(page);
  const benchmark = createBenchmark(store, actions, { browser: 'any', visibility, onDrawn: () => {} });
  const measured = benchmark.run();
  for (let draw = 0; draw < 12; draw++) {
    await settle();
    // Looked away from during A's second run, and from B's second run into its third.
    if (draw === 1 || draw === 7) turn(true);
    if (draw === 1 || draw === 8) turn(false);
    await draws[draw]?.finish();
  }
  await measured;
  const state = benchmark.getState();
  expect(state.status).toBe('done');
  const sides = state.status === 'done' ? state.record.sides : [];
  expect(sides.map(({ cold, warm }) => [cold, ...warm].map(({ tabHidden }) => tabHidden))).toEqual([
    [false, true, false, false, false, false],
    [false, true, true, false, false, false],
  ]);
});

it('that is stopped while its worker starts stays stopped', async () => {
  const { store, actions, draws } = studioByHand();
  const visibility = pageVisibility(Object.assign(new EventTarget(), { hidden: false }) as never);
  const benchmark = createBenchmark(store, actions, { browser: 'any', visibility, onDrawn: () => {} });
  const measured = benchmark.run();
  expect(benchmark.getState().status).toBe('running');
  benchmark.cancel();
  await measured;
  expect(benchmark.getState().status).toBe('idle');
  expect(draws).toEqual([]);
  expect(store.getState().run).toBeNull();
});
