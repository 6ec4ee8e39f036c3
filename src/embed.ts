/**
 * The engine for other pages, built as `engine.js` beside the app: see examples/embed. The worker, the runtime and
 * the models are fetched from where this file lies, which must be the page's own origin.
 */
import { createEngineClient } from './worker/client.ts';
import type { EngineClient } from './worker/protocol.ts';

/** Starts a worker with the models that came with this build. The caller disposes the client. */
export function createEngine(): EngineClient {
  return createEngineClient(new URL(/* @vite-ignore */ './models/', import.meta.url).href);
}
