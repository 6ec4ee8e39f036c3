/** The actions over the real laboratory, without the thread between them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { emptyLaboratory, type Laboratory, obstacleTo } from '../state/laboratory.ts';
import { openingSettings, type Place } from '../state/share-link.ts';
import type { LabClient } from '../worker/lab-client.ts';
import { LabSession } from '../worker/lab-session.ts';
import { createLabActions, type LabActions } from './lab-actions.ts';

const settings = { ...openingSettings, steps: 20 };
const scale = { particles: 100, measured: 100, pathSteps: 8 };

function createDirectClient(): LabClient {
  let session: LabSession | null = null;
  const api = {
    async open(wanted: typeof settings) {
      session = await LabSession.open(wanted, scale);
      return session.draft;
    },
    async start(job: Parameters<LabSession['start']>[0]) {
      session!.start(job);
    },
    async advance(budgetMs: number) {
      return session!.advance(budgetMs, () => performance.now());
    },
  };
  return { api: api as unknown as LabClient['api'], dispose: () => {} };
}

describe('laboratory actions', () => {
  let store: StoreApi<Laboratory>;
  let actions: LabActions;
  let places: Place[];
  let failWorker: (found: string) => void;

  beforeEach(() => {
    places = [];
    store = createStore<Laboratory>(() => emptyLaboratory(settings));
    actions = createLabActions(store, {
      createClient(onFailure) {
        failWorker = onFailure;
        return createDirectClient();
      },
      onPlace: (place) => places.push(place),
    });
  });

  const until = (holds: (lab: Laboratory) => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (holds(store.getState())) return resolve();
      const end = store.subscribe((lab) => {
        if (!holds(lab)) return;
        end();
        resolve();
      });
    });

  it('opens a place and trains as many flows as it says, and the address follows', async () => {
    actions.open({ settings, flows: 2 });
    await until(({ flows, job }) => flows.length === 2 && job === null);
    expect(places.map(({ flows }) => flows)).toEqual([0, 1, 2]);
    expect(store.getState().lastLosses).toHaveLength(20);
  });

  it('pauses, takes single steps, and goes on', async () => {
    actions.open({ settings, flows: 0 });
    await until(({ draft }) => draft !== null);
    actions.run({ kind: 'flow' });
    await until(({ job }) => job !== null);
    actions.pause();
    await until(({ job }) => job?.paused === true);
    // What was under way when Pause was pressed still arrives.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = store.getState().job?.losses.length ?? 0;
    if (before < 20) {
      actions.step();
      await until(({ job }) => job !== null && job.losses.length === before + 1);
    }
    actions.resume();
    await until(({ flows }) => flows.length === 1);
  });

  it('leaves out what can’t start, and says why', async () => {
    actions.open({ settings, flows: 0 });
    await until(({ draft }) => draft !== null);
    expect(obstacleTo(store.getState(), { kind: 'student', teacher: 2 })).toBe('Train the 2-flow first.');
    actions.runAll([{ kind: 'student', teacher: 1 }, { kind: 'flow' }, { kind: 'student', teacher: 1 }]);
    await until(({ students }) => students[1] !== undefined);
    expect(store.getState().flows).toHaveLength(1);
  });

  it('starts anew with other settings, and drops what was under way', async () => {
    actions.open({ settings, flows: 3 });
    await until(({ job }) => job !== null);
    actions.change({ seed: 5 });
    await until(({ draft, settings: now }) => draft !== null && now.seed === 5);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(store.getState().flows).toEqual([]);
    expect(store.getState().job).toBeNull();
  });

  it('says that the worker broke, and Reset starts another', async () => {
    actions.open({ settings, flows: 0 });
    await until(({ draft }) => draft !== null);
    failWorker('out of memory');
    expect(store.getState().error).toBe('The laboratory stopped: out of memory. Reset starts it again.');
    actions.reset();
    await until(({ draft, error }) => draft !== null && error === null);
  });
});
