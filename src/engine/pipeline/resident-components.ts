import type { Component } from './component.ts';

export interface ResidentLimits {
  /** Components, at least 1. */
  readonly count: number;
  /** Of their weights; one component stays even where it alone is larger. */
  readonly bytes: number;
}

/** Components of one kind of which only some stay loaded: the least recently used are released, to load again. */
export class ResidentComponents {
  readonly #limits: ResidentLimits;
  /** Bytes of weights by component, the most recently used last. */
  readonly #loaded = new Map<Component, number>();

  constructor(limits: ResidentLimits) {
    this.#limits = limits;
  }

  /** Call before a component is loaded, and when a loaded one is used: releases others beyond the limits. */
  async admit(component: Component, sizeBytes: number): Promise<void> {
    this.#loaded.delete(component);
    this.#loaded.set(component, sizeBytes);
    for (const other of [...this.#loaded.keys()]) {
      if (!this.#exceeded() || other === component) break;
      this.#loaded.delete(other);
      await other.dispose();
    }
  }

  #exceeded(): boolean {
    const bytes = [...this.#loaded.values()].reduce((sum, size) => sum + size, 0);
    return this.#loaded.size > this.#limits.count || bytes > this.#limits.bytes;
  }
}
