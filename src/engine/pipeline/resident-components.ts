import type { Component } from './component.ts';

export type ModelPart = 'text encoder' | 'network' | 'decoder';

export interface ResidentLimits {
  /** Components of one kind, at least 1. */
  readonly count: number;
  /** Weights of one kind; one component stays even where it alone is larger. */
  readonly bytes: number;
  /** Weights of all kinds; the network that is drawn with stays even where it alone is larger. */
  readonly totalBytes: number;
}

/** A component that is loaded. */
export interface Resident {
  readonly part: ModelPart;
  readonly folder: string;
  /** Of its weights, in the type that it computes in. */
  readonly sizeBytes: number;
}

/** What is released first where all kinds together are too many: a text encoder runs once a prompt. */
const expendable: readonly ModelPart[] = ['text encoder', 'decoder', 'network'];

/** Components of which only some stay loaded: the least recently used are released, to load again. */
export class ResidentComponents {
  readonly #limits: ResidentLimits;
  readonly #onRelease: (component: Component) => void;
  /** The most recently used last. */
  readonly #loaded = new Map<Component, Resident>();

  /** @param onRelease hears of what was released */
  constructor(limits: ResidentLimits, onRelease: (component: Component) => void = () => {}) {
    this.#limits = limits;
    this.#onRelease = onRelease;
  }

  /** Call before a component is loaded, and when a loaded one is used: releases others beyond the limits. */
  async admit(component: Component, resident: Resident): Promise<void> {
    this.#loaded.delete(component);
    this.#loaded.set(component, resident);
    for (;;) {
      const victim = this.#beyondOwnKind(resident.part) ?? this.#beyondTotal(component);
      if (victim === undefined || victim === component) return;
      this.#loaded.delete(victim);
      await victim.dispose();
      this.#onRelease(victim);
    }
  }

  /** The least recently used first. */
  get loaded(): readonly Resident[] {
    return [...this.#loaded.values()];
  }

  /** What was disposed otherwise. */
  forget(component: Component): void {
    this.#loaded.delete(component);
  }

  #beyondOwnKind(part: ModelPart): Component | undefined {
    const own = this.#ofKind(part);
    const { count, bytes } = this.#limits;
    return own.length > count || this.#bytesOf(own) > bytes ? own[0] : undefined;
  }

  #beyondTotal(admitted: Component): Component | undefined {
    if (this.#bytesOf([...this.#loaded.keys()]) <= this.#limits.totalBytes) return undefined;
    const inUse = this.#ofKind('network').at(-1);
    return expendable
      .flatMap((part) => this.#ofKind(part))
      .find((other) => other !== admitted && other !== inUse);
  }

  /** The least recently used first. */
  #ofKind(part: ModelPart): Component[] {
    return [...this.#loaded].filter(([, resident]) => resident.part === part).map(([component]) => component);
  }

  #bytesOf(components: readonly Component[]): number {
    return components.reduce((sum, component) => sum + this.#loaded.get(component)!.sizeBytes, 0);
  }
}
