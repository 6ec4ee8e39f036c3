/** A studio whose engine is played by hand: every moment of a run can be stopped at. */
import { vi } from 'vitest';
import type { DrawRequest, DrawResult, EngineClient } from '../../worker/protocol.ts';
import { alwaysSeen } from '../actions/page-visibility.ts';
import { createStudioActions } from '../actions/studio-actions.ts';
import { defaultSettings } from '../state/settings.ts';
import { createStudioStore } from '../state/store.ts';
import { initialStudio } from '../state/studio.ts';
import { backendReport, drawResult, manyStepModel, oneStepModel } from './sample-runs.ts';

interface PendingDraw {
  readonly request: DrawRequest;
  readonly signal: AbortSignal | undefined;
  finish(change?: Partial<DrawResult>): Promise<void>;
  fail(code: string): Promise<void>;
}

/** Lets every promise that can go on do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 45));

class WireError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
  toJSON() {
    return { code: this.code, message: this.message };
  }
}

export function studioByHand({ startFails = false, visibility = alwaysSeen } = {}) {
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
  const actions = createStudioActions(store, { createClient, stillMotion: () => false, random, visibility });
  const statuses = () => [store.getState().sides.a.status, store.getState().sides.b.status];
  return { store, actions, draws, clients, statuses };
}

export async function drawnPair(change: Partial<DrawResult> = {}) {
  const studio = studioByHand();
  await studio.actions.open();
  await settle();
  await studio.draws[0]?.finish(change);
  await studio.draws[1]?.finish(change);
  return studio;
}
