/** Decodes the frames that a draw had no time for, once the page is idle: one at a time, so that a draw never waits. */
import type { DrawRequest } from '../../worker/protocol.ts';
import { type SideName, sideNames } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';
import type { StudioState } from '../state/studio.ts';
import { type FrameName, frameLatents, missingFrames, playedFrames } from '../state/trajectory.ts';
import type { EngineConnection } from './engine-connection.ts';

/** The page is idle when nothing was drawn for so long: live draws follow each other faster. */
const idleMs = 300;
/** Decoding by itself ends here for each draw; after that only what the playhead comes to is decoded. */
const unaskedMs = 60_000;

interface Wanted {
  readonly side: SideName;
  readonly request: DrawRequest;
  readonly frame: FrameName;
  readonly latents: Float32Array;
}

export interface FrameDecodingOptions {
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/** Runs for as long as the store does. */
export function decodeMissingFrames(
  store: StudioStore,
  connection: Pick<EngineConnection, 'ready'>,
  {
    now = () => performance.now(),
    wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }: FrameDecodingOptions = {},
): void {
  /** Time spent unasked by draw; a draw whose decoding failed has none left. */
  const spentMs = new WeakMap<DrawRequest, number>();
  let decoding = false;

  function next(state: StudioState): Wanted | null {
    if (state.run !== null || state.engine.status !== 'ready') return null;
    for (const asked of [true, false]) {
      for (const side of sideNames) {
        const run = state.sides[side];
        if (run.request === null) continue;
        const spent = spentMs.get(run.request) ?? 0;
        if (asked ? spent === Number.POSITIVE_INFINITY : spent >= unaskedMs) continue;
        const missing = missingFrames(run);
        const [frame] = asked ? playedFrames(state, side, missing) : missing;
        const latents = frame && frameLatents(run, frame);
        if (frame && latents) return { side, request: run.request, frame, latents };
      }
    }
    return null;
  }

  async function decode({ side, request, frame, latents }: Wanted): Promise<void> {
    const begun = now();
    const { model, width, height } = request;
    try {
      const client = await connection.ready();
      const [picture] = await client.decode({ model, width, height, latents: [latents] });
      spentMs.set(request, (spentMs.get(request) ?? 0) + now() - begun);
      if (picture) store.dispatch({ type: 'frames-decoded', side, request, frames: [{ frame, picture }] });
    } catch {
      // The picture is there; a strip with gaps is no reason to disturb the reader. The engine tells its own failures.
      spentMs.set(request, Number.POSITIVE_INFINITY);
    }
  }

  async function decodeAll(): Promise<void> {
    decoding = true;
    await wait(idleMs);
    for (let wanted = next(store.getState()); wanted !== null; wanted = next(store.getState())) {
      await decode(wanted);
    }
    decoding = false;
  }

  store.subscribe((state) => {
    if (!decoding && next(state) !== null) void decodeAll();
  });
}
