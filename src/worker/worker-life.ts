/**
 * Whether a worker still lives. Browsers tell the page when a worker throws, not when one is ended for its memory or
 * closes; a lock that it holds is given up in any case.
 */

/** Held for as long as the worker lives. Call first, before the page can ask. */
export function holdLife(locks: LockManager | undefined, name: string): void {
  void locks?.request(name, () => new Promise(() => {}));
}

/** Resolves when the holder is gone; never where there are no locks, or once the signal fired. */
export async function endOfLife(
  locks: LockManager | undefined,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const never = new Promise<never>(() => {});
  if (!locks) return never;
  try {
    await locks.request(name, { signal }, () => {});
  } catch {
    return never;
  }
}
