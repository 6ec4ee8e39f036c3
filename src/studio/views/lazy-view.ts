/** Views in chunks of their own. One failed request is no reason to give a view up: a chunk is asked for twice. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

const beforeSecondTryMs = 1000;

/** @throws what the second try throws */
export async function loadTwice<Loaded>(
  load: () => Promise<Loaded>,
  waitMs = beforeSecondTryMs,
): Promise<Loaded> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    return load();
  }
}

/** Fetched when it is first drawn; drawn inside `Deferred` or `DeferredDialog`, which say when that failed. */
export function lazyView<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await loadTwice(load) }));
}
