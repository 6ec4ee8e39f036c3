/**
 * Port: named locks across the tabs of an origin. The browser's LockManager is one; a single process has one in
 * `process-locks.ts`.
 */
export interface Locks {
  /**
   * Runs `work` alone under the name.
   * @throws EngineError 'aborted' while waiting; what `work` throws
   */
  exclusive<Result>(name: string, work: () => Promise<Result>, options?: LockOptions): Promise<Result>;
  /** Runs `work` alone, or returns 'held' at once where somebody else holds the name. */
  ifFree<Result>(name: string, work: () => Promise<Result>): Promise<Result | 'held'>;
  /** Holds the name together with other readers until `release` is called. */
  share(name: string): Promise<{ release(): void }>;
}

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when somebody else holds the lock. */
  readonly onWait?: (() => void) | undefined;
}
