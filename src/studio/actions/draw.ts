/** Draw and cancel: A first, then B, one run at a time, the latest wins. */
import type { DrawRequest } from '../../worker/protocol.ts';
import { type DrawPlan, planDraw, requestKey, reusableRun } from '../state/draw-plan.ts';
import { isEngineFailure } from '../state/engine.ts';
import type { SecondChances } from '../state/recovery.ts';
import { type SideName, type SideRun, sideNames } from '../state/side.ts';
import { modelOfSide } from '../state/side-models.ts';
import type { StudioStore } from '../state/store.ts';
import type { EngineConnection } from './engine-connection.ts';
import { alwaysSeen, type PageVisibility } from './page-visibility.ts';
import { createResultCache } from './result-cache.ts';
import { serializeError } from './serialize-error.ts';

/** Runs kept: one-step runs are a few hundred KB at 64 x 64, previews included. */
const cachedRuns = 12;

export interface Drawing {
  /** Draws the given sides with the settings as they are; a draw under way is cancelled first. */
  draw(sides?: readonly SideName[]): Promise<void>;
  /** The page is idle when this returns; the worker finishes the evaluation under way and drops it. */
  cancel(): void;
  /** Takes a finished run for one of its own. */
  remember(run: SideRun): void;
  /** Forgets results that were measured on an engine that is gone. */
  forget(): void;
}

/** One painted frame, so that a reused side is seen (and heard) to take part in the draw. */
const nextFrame = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 32));

export interface DrawingOptions {
  readonly now?: () => number;
  readonly visibility?: PageVisibility | undefined;
}

export function createDrawing(
  store: StudioStore,
  connection: Pick<EngineConnection, 'ready' | 'recover'>,
  chances: SecondChances,
  { now = () => performance.now(), visibility = alwaysSeen }: DrawingOptions = {},
): Drawing {
  const cache = createResultCache(cachedRuns);
  let latestRun = 0;
  let abort = new AbortController();

  async function drawSide(run: number, side: SideName, request: DrawRequest): Promise<void> {
    const { signal } = abort;
    const key = requestKey(request);
    let client = await connection.ready();
    for (;;) {
      if (signal.aborted) return;
      store.dispatch({ type: 'side-started', run, side });
      const wasHidden = visibility.watch();
      try {
        const result = await client.draw(request, {
          signal,
          onEvent: (event) => store.dispatch({ type: 'side-told', run, side, event, atMs: now() }),
        });
        const hidden = wasHidden();
        if (signal.aborted) return;
        chances.drawn(key);
        store.dispatch({ type: 'side-finished', run, side, result, hidden });
        cache.set(key, store.getState().sides[side]);
        return;
      } catch (thrown) {
        wasHidden();
        const error = serializeError(thrown);
        if (signal.aborted || error.code === 'aborted') return;
        if (!chances.take(key, error)) {
          store.dispatch({ type: 'side-failed', run, side, error });
          return;
        }
        // From the noise on, in a new engine.
        store.dispatch({ type: 'side-queued', run, side, request });
        cache.clear();
        client = await connection.recover(error, client);
      }
    }
  }

  function planned(): DrawPlan | null {
    const state = store.getState();
    const [a, b] = [modelOfSide(state, 'a'), modelOfSide(state, 'b')];
    return a === null || b === null ? null : planDraw(state.settings, { a, b });
  }

  async function draw(sides: readonly SideName[] = sideNames): Promise<void> {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    latestRun += 1;
    const run = latestRun;
    const shown = store.getState().sides;
    store.dispatch({ type: 'draw-queued', run, sides });
    try {
      await connection.ready();
    } catch {
      return; // The connection told the store, which ended the run.
    }
    const plan = planned();
    if (signal.aborted) return;
    if (plan === null) {
      const error = { code: 'internal', message: 'The engine knows no model.' } as const;
      for (const side of sides) store.dispatch({ type: 'side-failed', run, side, error });
    } else {
      const alone = sides.length === 1;
      const requestOf = (side: SideName): DrawRequest =>
        // A side that is drawn again by itself keeps its request: its neighbour shows the same prompt and noise.
        (alone ? store.getState().sides[side].request : null) ?? plan[side];
      const requests = { a: requestOf('a'), b: requestOf('b') };
      for (const side of sides) store.dispatch({ type: 'side-queued', run, side, request: requests[side] });
      for (const side of sides) {
        const cached = alone ? undefined : cache.get(requestKey(plan[side]));
        const earlier = reusableRun(plan, side, cached, shown);
        if (earlier === null) {
          try {
            await drawSide(run, side, requests[side]);
          } catch {
            return; // As above: no other engine could be started.
          }
        } else {
          await nextFrame();
          store.dispatch({ type: 'side-reused', run, side, earlier });
        }
        if (signal.aborted) return;
        const { error } = store.getState().sides[side];
        if (error !== null && isEngineFailure(error)) {
          store.dispatch({ type: 'engine-failed', error });
          break;
        }
      }
    }
    store.dispatch({ type: 'draw-ended', run });
  }

  return {
    draw,
    cancel() {
      abort.abort();
      store.dispatch({ type: 'draw-cancelled' });
    },
    remember(run) {
      if (run.request !== null) cache.set(requestKey(run.request), run);
    },
    forget: () => cache.clear(),
  };
}
