import type { Component } from './component.ts';

/** Loaded components by key: each is loaded once, shared, and disposed with the cache. */
export class ComponentCache {
  readonly #components = new Map<string, Promise<Component>>();

  has(key: string): boolean {
    return this.#components.has(key);
  }

  /** A load that fails is forgotten, so that the next one tries again. */
  async get<Loaded extends Component>(key: string, load: () => Promise<Loaded>): Promise<Loaded> {
    const known = this.#components.get(key);
    if (known) return known as Promise<Loaded>;
    const loading = load();
    this.#components.set(key, loading);
    loading.catch(() => this.#components.delete(key));
    return loading;
  }

  /** Disposes every component whose key is `keep` false; all by default. */
  async dispose(keep: (key: string) => boolean = () => false): Promise<void> {
    const gone = [...this.#components].filter(([key]) => !keep(key));
    for (const [key] of gone) this.#components.delete(key);
    const loaded = await Promise.allSettled(gone.map(([, component]) => component));
    for (const result of loaded) if (result.status === 'fulfilled') await result.value.dispose();
  }
}
