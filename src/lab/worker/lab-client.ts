/** The page's side of the laboratory's worker. */
import { type Remote, wrap } from 'comlink';
import type { LabApi } from './protocol.ts';

export interface LabClient {
  readonly api: Remote<LabApi>;
  /** `onFailure` is told once if the worker breaks: calls that wait for it never end. */
  dispose(): void;
}

/** Starts a worker. The caller disposes the client. */
export function createLabClient(onFailure: (found: string) => void): LabClient {
  const worker = new Worker(new URL('./lab-host.ts', import.meta.url), {
    type: 'module',
    name: 'laboratory',
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    onFailure(event.message || 'its script could not be loaded');
  });
  return { api: wrap<LabApi>(worker), dispose: () => worker.terminate() };
}
