/** A part of the state that changes often, followed at a calmer pace. */
import { useEffect, useState } from 'react';
import type { StudioState } from '../../state/studio.ts';
import { useStudioStore } from '../studio-context.tsx';

/**
 * The part, at most `periodMs` late: a run of quick steps redraws a chart only so often. It is taken over in a task
 * of its own, never in the one that changed the state.
 * @param select the same function for as long as the component lives
 */
export function useCalmStudio<Part>(select: (state: StudioState) => Part, periodMs: number): Part {
  const store = useStudioStore();
  const [part, setPart] = useState(() => select(store.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastAt = Number.NEGATIVE_INFINITY;
    const take = (): void => {
      timer = undefined;
      lastAt = performance.now();
      setPart(() => select(store.getState()));
    };
    const follow = (): void => {
      timer ??= setTimeout(take, Math.max(0, lastAt + periodMs - performance.now()));
    };
    const unsubscribe = store.subscribe((state, before) => {
      if (!Object.is(select(state), select(before))) follow();
    });
    // What changed between the first drawing and this effect.
    follow();
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store, select, periodMs]);
  return part;
}
