/** Draws what `nextIdleJob` wants, one at a time; a draw of the reader's comes before, and drops the job under way. */
import type { EngineClient } from '../../worker/protocol.ts';
import { requestKey } from '../state/draw-plan.ts';
import { isEngineFailure } from '../state/engine.ts';
import { type IdleJob, nextIdleJob } from '../state/idle-work.ts';
import type { SecondChances } from '../state/recovery.ts';
import { failSide, finishSide, idleSide, queueSide, receiveEvent, type SideRun } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';
import type { EngineConnection } from './engine-connection.ts';
import { serializeError } from './serialize-error.ts';

/** Two live pictures further apart than this belong to two bursts of typing: their distance is no pace. */
const burstMs = 1500;

export interface IdleDrawingOptions {
  /** Told of live pictures: a draw that asks for the same takes them over. */
  readonly remember: (run: SideRun) => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** @returns ends it */
export function drawWhileIdle(
  store: StudioStore,
  connection: Pick<EngineConnection, 'ready' | 'recover'>,
  chances: SecondChances,
  { remember, now = () => performance.now() }: IdleDrawingOptions,
): () => void {
  let abort = new AbortController();
  let working = false;
  let current: IdleJob | null = null;
  let lastLiveMs = Number.NEGATIVE_INFINITY;
  let ended = false;

  function finished(job: IdleJob, run: SideRun): void {
    if (job.kind === 'sweep') {
      store.dispatch({ type: 'sweep-drawn', drawn: run });
      return;
    }
    if (job.kind === 'seed') {
      if (run.result)
        store.dispatch({ type: 'seed-drawn', request: job.request, picture: run.result.picture });
      else store.dispatch({ type: 'strip-wished', wish: 'off' });
      return;
    }
    const sinceMs = now() - lastLiveMs;
    lastLiveMs = now();
    const paceMs = sinceMs < burstMs ? sinceMs : null;
    if (run.result !== null) remember(run);
    store.dispatch({ type: 'live-drawn', side: job.side, drawn: run, paceMs });
  }

  /** @returns null where another engine was started in place of one that failed: the job is still to be done */
  async function draw(job: IdleJob, signal: AbortSignal): Promise<SideRun | null> {
    const { request } = job;
    let run = queueSide(idleSide, request);
    let client: EngineClient | null = null;
    try {
      client = await connection.ready();
      const result = await client.draw(request, {
        signal,
        onEvent: (event) => {
          run = receiveEvent(run, event, now());
          if (job.kind === 'sweep' && (event.kind === 'text' || event.kind === 'step')) {
            store.dispatch({ type: 'sweep-progressed', key: requestKey(request), step: run.steps.length });
          }
        },
      });
      chances.drawn(requestKey(request));
      return finishSide(run, result);
    } catch (thrown) {
      const error = serializeError(thrown);
      if (!signal.aborted && client !== null && chances.take(requestKey(request), error)) {
        await connection.recover(error, client).catch(() => {});
        return null;
      }
      if (!signal.aborted && isEngineFailure(error)) store.dispatch({ type: 'engine-failed', error });
      return failSide(run, error);
    }
  }

  async function work(): Promise<void> {
    working = true;
    for (;;) {
      const job = ended ? null : nextIdleJob(store.getState());
      if (job === null) break;
      abort = new AbortController();
      const { signal } = abort;
      current = job;
      const run = await draw(job, signal);
      current = null;
      if (run !== null && !signal.aborted) finished(job, run);
    }
    working = false;
  }

  const unsubscribe = store.subscribe((state) => {
    const sweepStopped = current?.kind === 'sweep' && !state.sweep.running;
    if (state.run !== null || state.engine.status !== 'ready' || sweepStopped) abort.abort();
    if (!working && nextIdleJob(state) !== null) void work();
  });
  return () => {
    ended = true;
    abort.abort();
    unsubscribe();
  };
}
