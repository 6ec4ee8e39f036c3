/** Gives tests a handle on the worker: `await page.evaluate(() => engine.selfTest('webgpu'))`. */
import { wrap } from 'comlink';
import type { EngineParts } from './engine-worker.ts';

const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });

declare global {
  var engine: EngineParts;
}

globalThis.engine = wrap<EngineParts>(worker) as unknown as EngineParts;
