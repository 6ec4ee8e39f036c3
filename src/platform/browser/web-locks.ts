/** The browser's own locks: they end with the tab that held them, however it ended. */
import { EngineError } from '../../engine/core/errors.ts';
import type { Locks } from '../store/locks.ts';

const prefix = 'instaflow-store:';

export function webLocks(manager: LockManager): Locks {
  return {
    async exclusive(name, work, { signal, onWait } = {}) {
      const free = await manager.request(prefix + name, { ifAvailable: true }, async (lock) =>
        lock ? { result: await work() } : undefined,
      );
      if (free) return free.result;
      onWait?.();
      try {
        return await manager.request(prefix + name, signal ? { signal } : {}, work);
      } catch (thrown) {
        if (signal?.aborted) throw new EngineError('aborted', 'Cancelled.');
        throw thrown;
      }
    },
    async ifFree(name, work) {
      return manager.request(prefix + name, { ifAvailable: true }, async (lock) => (lock ? work() : 'held'));
    },
    share(name) {
      return new Promise((resolve, reject) => {
        manager
          .request(
            prefix + name,
            { mode: 'shared' },
            () => new Promise<void>((release) => resolve({ release: () => release() })),
          )
          .catch(reject);
      });
    },
  };
}
