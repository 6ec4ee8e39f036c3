/** The laboratory's module worker. */
import { expose, transfer } from 'comlink';
import type { LabSession } from './lab-session.ts';
import type { JobReport, LabApi } from './protocol.ts';

// jax-js starts threads of its own where memory can be shared, from a blob: address that the content policy
// forbids ("worker-src 'self'"), and waits for them without end (seen in 0.1.25). On one thread it needs no
// Worker; delete this when jax-js takes the number of threads, or a worker's address.
Reflect.deleteProperty(globalThis, 'Worker');

let session: LabSession | null = null;

function current(): LabSession {
  if (session === null) throw new RangeError('No laboratory is open.');
  return session;
}

const api: LabApi = {
  async open(settings) {
    const { LabSession: Session } = await import('./lab-session.ts');
    session?.dispose();
    session = await Session.open(settings);
    return session.draft;
  },
  start: (job) => current().start(job),
  advance(budgetMs) {
    const report = current().advance(budgetMs, () => performance.now());
    return transfer(report, buffersOf(report));
  },
};

/** What is big and never used again here is handed over instead of copied. */
function buffersOf({ result }: JobReport): ArrayBuffer[] {
  const views = ((): Float32Array[] => {
    switch (result?.kind) {
      case 'flow':
      case 'diffusion':
        return [result.value.path.states, result.value.field.values];
      case 'round-trip':
        return [result.value.back.states, result.value.forth.states];
      case 'forward-walk':
        return [result.value.path.states];
      default:
        return [];
    }
  })();
  return views.map((view) => view.buffer as ArrayBuffer);
}

expose(api);
