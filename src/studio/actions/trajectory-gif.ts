/** Saves the trajectory as a GIF: decodes what the film still lacks, then encodes it in a worker of its own. */
import { wrap } from 'comlink';
import type { SideName } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';
import type { StudioState } from '../state/studio.ts';
import { frameLatents, lastFrame } from '../state/trajectory.ts';
import { filmFrames, filmGaps } from '../state/trajectory-film.ts';
import { drawnModelTitle } from '../state/trajectory-model.ts';
import type { EngineConnection } from './engine-connection.ts';
import { frameMsOf } from './playback.ts';
import type { GifHost, GifJob } from './trajectory-gif-host.ts';

export interface GifOptions {
  readonly colours: GifJob['colours'];
  /** What is being done, in words. */
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

export type MakeGif = (options: GifOptions) => Promise<Blob>;

/** @throws what decoding throws, an Error where the encoder fails, the signal's reason when it fires */
export function createGifMaker(store: StudioStore, connection: Pick<EngineConnection, 'ready'>): MakeGif {
  return async ({ colours, onProgress, signal }) => {
    const requests = requestsOf(store.getState());
    await decodeGaps(store, connection, onProgress, signal);
    const state = store.getState();
    const now = requestsOf(state);
    if (now.a !== requests.a || now.b !== requests.b) throw new Error('Another picture was drawn meanwhile.');
    onProgress('Encoding');
    const frames = filmFrames(state.sides, state.playhead);
    return encodeInWorker(
      {
        frames,
        titles: { a: titleOf(state, 'a'), b: titleOf(state, 'b') },
        colours,
        frameMs: frameMsOf(frames.length - 1),
      },
      signal,
    );
  };
}

const requestsOf = ({ sides }: StudioState) => ({ a: sides.a.request, b: sides.b.request });

function titleOf(state: StudioState, side: SideName): string {
  if (state.sides[side].status !== 'done') return '';
  const steps = lastFrame(state.sides[side]);
  return `${side.toUpperCase()}  ${drawnModelTitle(state, side)}, ${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

async function decodeGaps(
  store: StudioStore,
  connection: Pick<EngineConnection, 'ready'>,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const total = filmGaps(store.getState().sides, store.getState().playhead).length;
  for (let done = 1; ; done++) {
    signal.throwIfAborted();
    const { sides, playhead } = store.getState();
    const [gap] = filmGaps(sides, playhead);
    const request = gap && sides[gap.side].request;
    const latents = gap && frameLatents(sides[gap.side], gap.frame);
    if (!gap || !request || !latents) return;
    onProgress(`Decoding ${Math.min(done, total)} of ${total}`);
    const client = await connection.ready();
    const { model, width, height } = request;
    const [picture] = await client.decode({ model, width, height, latents: [latents] });
    if (!picture) throw new Error('A frame could not be decoded.');
    const frames = [{ frame: gap.frame, picture }];
    store.dispatch({ type: 'frames-decoded', side: gap.side, request, frames });
  }
}

async function encodeInWorker(job: GifJob, signal: AbortSignal): Promise<Blob> {
  const worker = new Worker(new URL('./trajectory-gif-host.ts', import.meta.url), {
    type: 'module',
    name: 'gif',
  });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'The encoder could not be loaded.'));
    });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    const gif = await Promise.race([wrap<GifHost>(worker).encode(job), failed]);
    return new Blob([gif], { type: 'image/gif' });
  } finally {
    worker.terminate();
  }
}
