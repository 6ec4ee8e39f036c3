/** What the reader can do in the laboratory; alone talks to its worker. */
import type { StoreApi } from 'zustand/vanilla';
import type { LabSettings } from '../flow/laboratory-settings.ts';
import {
  emptyLaboratory,
  jobPaused,
  jobReported,
  jobStarted,
  type Laboratory,
  labFailed,
  obstacleTo,
} from '../state/laboratory.ts';
import type { Place } from '../state/share-link.ts';
import type { LabClient } from '../worker/lab-client.ts';
import type { JobRequest } from '../worker/protocol.ts';

/** Long enough that messages cost nothing, short enough that Pause answers at once. */
const budgetOfCallMs = 60;

export interface LabActions {
  /** Opens a laboratory, and trains as many flows as the place says. */
  open(place: Place): void;
  /** Starts anew with other settings. */
  change(settings: Partial<LabSettings>): void;
  /** Starts anew with the same settings. */
  reset(): void;
  run(request: JobRequest): void;
  /** Jobs one after the other; those that can't start are left out. */
  runAll(requests: readonly JobRequest[]): void;
  pause(): void;
  resume(): void;
  /** One step of a paused job. */
  step(): void;
  dispose(): void;
}

export interface LabActionsPorts {
  readonly createClient: (onFailure: (found: string) => void) => LabClient;
  /** Called when what a link would hold has changed. */
  readonly onPlace: (place: Place) => void;
}

export function createLabActions(store: StoreApi<Laboratory>, ports: LabActionsPorts): LabActions {
  let client: LabClient | null = null;
  /** Rises with every opening: answers to an earlier one come too late. */
  let opening = 0;
  let queue: JobRequest[] = [];
  let advancing = false;

  const update = (change: (lab: Laboratory) => Laboratory): void => store.setState(change, true);
  const fail = (found: string): void => {
    client?.dispose();
    client = null;
    queue = [];
    update((lab) => labFailed(lab, `The laboratory stopped: ${found}. Reset starts it again.`));
  };
  const worker = (): LabClient => {
    client ??= ports.createClient(fail);
    return client;
  };
  const placeNow = (): Place => {
    const { settings, flows } = store.getState();
    return { settings, flows: flows.length };
  };

  async function advance(budgetMs: number): Promise<void> {
    const mine = opening;
    advancing = true;
    try {
      const report = await worker().api.advance(budgetMs);
      if (mine !== opening) return;
      update((lab) => jobReported(lab, report));
      if (report.result?.kind === 'flow') ports.onPlace(placeNow());
    } catch (error) {
      if (mine === opening) fail(error instanceof Error ? error.message : String(error));
    } finally {
      if (mine === opening) advancing = false;
    }
  }

  async function drive(): Promise<void> {
    const mine = opening;
    while (mine === opening) {
      const { job } = store.getState();
      if (job?.paused || advancing) return;
      if (job === null && !(await startNext())) return;
      if (mine === opening) await advance(budgetOfCallMs);
    }
  }

  /** @returns whether there was a job to start */
  async function startNext(): Promise<boolean> {
    const mine = opening;
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      if (obstacleTo(store.getState(), request) !== null) continue;
      const next = request;
      update((lab) => jobStarted(lab, next));
      await worker().api.start(next);
      return mine === opening;
    }
    return false;
  }

  async function open({ settings, flows }: Place): Promise<void> {
    opening += 1;
    const mine = opening;
    advancing = false;
    queue = Array.from({ length: flows }, () => ({ kind: 'flow' as const }));
    update(() => emptyLaboratory(settings));
    ports.onPlace({ settings, flows: 0 });
    try {
      const draft = await worker().api.open(settings);
      if (mine !== opening) return;
      update((lab) => ({ ...lab, draft }));
      await drive();
    } catch (error) {
      if (mine === opening) fail(error instanceof Error ? error.message : String(error));
    }
  }

  const runAll = (requests: readonly JobRequest[]): void => {
    queue.push(...requests);
    void drive();
  };
  return {
    open: (place) => void open(place),
    change: (settings) => void open({ settings: { ...store.getState().settings, ...settings }, flows: 0 }),
    reset: () => void open({ settings: store.getState().settings, flows: 0 }),
    run: (request) => runAll([request]),
    runAll,
    pause: () => update((lab) => jobPaused(lab, true)),
    resume() {
      update((lab) => jobPaused(lab, false));
      void drive();
    },
    step() {
      if (store.getState().job?.paused && !advancing) void advance(0);
    },
    dispose() {
      opening += 1;
      client?.dispose();
      client = null;
    },
  };
}
