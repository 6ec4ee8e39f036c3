/** Finished runs by request key, the least recently used dropped first. */
import type { SideRun } from '../state/side.ts';

export interface ResultCache {
  get(key: string): SideRun | undefined;
  set(key: string, run: SideRun): void;
  /** Times measured on another backend can't stand beside new ones. */
  clear(): void;
}

export function createResultCache(capacity: number): ResultCache {
  const runs = new Map<string, SideRun>();
  return {
    get(key) {
      const run = runs.get(key);
      if (run === undefined) return undefined;
      runs.delete(key);
      runs.set(key, run);
      return run;
    },
    set(key, run) {
      runs.delete(key);
      runs.set(key, run);
      for (const oldest of runs.keys()) {
        if (runs.size <= capacity) break;
        runs.delete(oldest);
      }
    },
    clear: () => runs.clear(),
  };
}
