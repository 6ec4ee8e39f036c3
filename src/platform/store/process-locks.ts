/** Locks within one process, for the command line and for tests: the same rules as the browser's LockManager. */
import { EngineError } from '../../engine/core/errors.ts';
import type { LockOptions, Locks } from './locks.ts';

interface Claim {
  readonly shared: boolean;
  readonly grant: () => void;
}

export class ProcessLocks implements Locks {
  readonly #held = new Map<string, { readonly shared: boolean; count: number }>();
  readonly #waiting = new Map<string, Claim[]>();

  async exclusive<Result>(
    name: string,
    work: () => Promise<Result>,
    { signal, onWait }: LockOptions = {},
  ): Promise<Result> {
    await this.#claim(name, false, signal, onWait);
    try {
      return await work();
    } finally {
      this.#release(name);
    }
  }

  async ifFree<Result>(name: string, work: () => Promise<Result>): Promise<Result | 'held'> {
    return this.#held.has(name) ? 'held' : this.exclusive(name, work);
  }

  async share(name: string): Promise<{ release(): void }> {
    await this.#claim(name, true);
    let released = false;
    return {
      release: () => {
        if (!released) this.#release(name);
        released = true;
      },
    };
  }

  #claim(name: string, shared: boolean, signal?: AbortSignal, onWait?: () => void): Promise<void> {
    if (signal?.aborted) return Promise.reject(new EngineError('aborted', 'Cancelled.'));
    const held = this.#held.get(name);
    const queue = this.#waiting.get(name) ?? [];
    if (!held) {
      this.#held.set(name, { shared, count: 1 });
      return Promise.resolve();
    }
    if (held.shared && shared && queue.length === 0) {
      held.count += 1;
      return Promise.resolve();
    }
    this.#waiting.set(name, queue);
    onWait?.();
    return new Promise((resolve, reject) => {
      const claim: Claim = { shared, grant: () => resolve() };
      queue.push(claim);
      signal?.addEventListener(
        'abort',
        () => {
          const i = queue.indexOf(claim);
          if (i < 0) return;
          queue.splice(i, 1);
          reject(new EngineError('aborted', 'Cancelled.'));
        },
        { once: true },
      );
    });
  }

  #release(name: string): void {
    const held = this.#held.get(name)!;
    held.count -= 1;
    if (held.count > 0) return;
    this.#held.delete(name);
    const queue = this.#waiting.get(name) ?? [];
    for (let claim = queue[0]; claim; claim = queue[0]) {
      const now = this.#held.get(name);
      if (now && !(now.shared && claim.shared)) return;
      queue.shift();
      if (now) now.count += 1;
      else this.#held.set(name, { shared: claim.shared, count: 1 });
      claim.grant();
    }
  }
}
