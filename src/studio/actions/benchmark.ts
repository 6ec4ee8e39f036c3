/** Runs the benchmark: for each side a fresh worker, one cold run, then warm ones; one thing at a time. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DrawResult, SerializedEngineError } from '../../worker/protocol.ts';
import {
  type BenchmarkRecord,
  type BenchmarkSide,
  benchmarkSide,
  type MeasuredDraw,
  warmRuns,
} from '../benchmark/benchmark.ts';
import { planSide } from '../state/draw-plan.ts';
import { type SideName, sideNames } from '../state/side.ts';
import { modelOfSide } from '../state/side-models.ts';
import type { StudioStore } from '../state/store.ts';
import type { PageVisibility } from './page-visibility.ts';
import { serializeError } from './serialize-error.ts';
import type { StudioActions } from './studio-actions.ts';

export type BenchmarkState =
  | { readonly status: 'idle' }
  /** @param run 0 is the cold one */
  | { readonly status: 'running'; readonly side: SideName; readonly run: number }
  | { readonly status: 'done'; readonly record: BenchmarkRecord }
  | { readonly status: 'failed'; readonly error: SerializedEngineError };

export interface Benchmark
  extends Pick<StoreApi<BenchmarkState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Measures both sides as they are set. Never rejects: failures are in the store. */
  run(): Promise<void>;
  cancel(): void;
}

interface BenchmarkWorld {
  /** As the record names it. */
  readonly browser: string;
  readonly visibility: PageVisibility;
  /** Its draws are in no side, so they are told here. */
  readonly onDrawn: (result: DrawResult) => void;
}

/** Another text each run: the words of the last ones are remembered and would cost nothing. */
const prompts = [
  'a red apple',
  'a fox',
  'a slice of pizza',
  'a robot',
  'a cat on a blue background',
  'an owl on a dark background',
];

/** Names the benchmark where draws have their number, so that nothing else is drawn beside it. */
const benchmarkRun = -1;

export function createBenchmark(
  studio: StudioStore,
  { freshEngine }: Pick<StudioActions, 'freshEngine'>,
  { browser, visibility, onDrawn }: BenchmarkWorld,
): Benchmark {
  const store = createStore<BenchmarkState>(() => ({ status: 'idle' }));
  let abort = new AbortController();

  async function measure(side: SideName, signal: AbortSignal): Promise<BenchmarkSide | null> {
    store.setState({ status: 'running', side, run: 0 }, true);
    studio.dispatch({ type: 'draw-ended', run: benchmarkRun });
    const starting = freshEngine();
    studio.dispatch({ type: 'draw-queued', run: benchmarkRun, sides: [] });
    const client = await starting;
    signal.throwIfAborted();
    const model = modelOfSide(studio.getState(), side);
    if (model === null) return null;
    const request = { ...planSide(studio.getState().settings, side, model), previews: false };
    const draws: MeasuredDraw[] = [];
    for (let run = 0; run <= warmRuns; run++) {
      store.setState({ status: 'running', side, run }, true);
      const prompt = prompts[run % prompts.length] ?? request.prompt;
      const wasHidden = visibility.watch();
      let tabHidden = false;
      const result = await client.draw({ ...request, prompt, seed: run }, { signal }).finally(() => {
        tabHidden = wasHidden();
      });
      onDrawn(result);
      draws.push({ result, tabHidden });
    }
    const [cold, ...warm] = draws;
    return cold === undefined ? null : benchmarkSide(side, model.title, request, [cold, ...warm]);
  }

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async run() {
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      const unfollow = studio.subscribe(({ run }, before) => {
        // The reader draws: that comes first.
        if (before.run === benchmarkRun && run !== null && run !== benchmarkRun) this.cancel();
      });
      try {
        const sides: BenchmarkSide[] = [];
        for (const side of sideNames) {
          const measured = await measure(side, signal);
          if (signal.aborted) return;
          if (measured !== null) sides.push(measured);
        }
        const { report } = studio.getState().engine;
        if (report === null) throw new Error('The engine did not start.');
        const { checks: _, ...engine } = report;
        const measuredAt = new Date().toISOString();
        store.setState(
          { status: 'done', record: { program: 'InstaFlow Studio', measuredAt, browser, engine, sides } },
          true,
        );
      } catch (thrown) {
        if (!signal.aborted) store.setState({ status: 'failed', error: serializeError(thrown) }, true);
      } finally {
        unfollow();
        studio.dispatch({ type: 'draw-ended', run: benchmarkRun });
      }
    },
    cancel() {
      abort.abort();
      if (store.getState().status === 'running') store.setState({ status: 'idle' }, true);
    },
  };
}
