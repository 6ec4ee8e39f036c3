import type { Component } from './component.ts';

/** Components of one kind of which only some stay loaded: the least recently used are released, to load again. */
export class ResidentComponents {
  readonly #limit: number;
  /** The most recently used last. */
  readonly #loaded: Component[] = [];

  /** @param limit at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Call before a component is loaded, or when a loaded one is used: releases others beyond the limit. */
  async admit(component: Component): Promise<void> {
    const at = this.#loaded.indexOf(component);
    if (at >= 0) this.#loaded.splice(at, 1);
    this.#loaded.push(component);
    const gone = this.#loaded.splice(0, Math.max(0, this.#loaded.length - this.#limit));
    for (const other of gone) await other.dispose();
  }
}
