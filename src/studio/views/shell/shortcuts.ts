/** Keys that act on a page as a whole (design: Keys). */
import { useEffect, useRef } from 'react';
import { type PairView, pairViews } from '../../state/pair-view.ts';
import { useStudio } from '../studio-context.tsx';

/** What a page has keys for; a key without a handler is the browser's. */
export interface ShortcutHandlers {
  readonly focusPrompt?: () => void;
  readonly draw?: () => void;
  /** @returns whether there was something to cancel */
  readonly cancel?: () => boolean;
  readonly nextSeed?: () => void;
  readonly randomSeed?: () => void;
  readonly switchTheme?: () => void;
  readonly openSweep?: () => void;
  readonly switchLive?: () => void;
  readonly chooseView?: (view: PairView) => void;
  /** @param factor null = the whole picture */
  readonly zoomBy?: (factor: number | null) => void;
  readonly swapSides?: () => void;
  readonly showKeys?: () => void;
  readonly togglePlayback?: () => void;
  readonly stepPlayhead?: (by: 1 | -1) => void;
}

const typesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement &&
      target.type !== 'range' &&
      target.type !== 'checkbox' &&
      target.type !== 'radio'));

/** Keys that the focused control uses itself: arrows in sliders and radio groups, Space and Enter on buttons. */
const usesKey = (target: EventTarget | null, key: string): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  if (key === ' ' || key === 'Enter')
    return target.closest('button, a, input, [role=radio], [role=switch]') !== null;
  return target.closest('input, [role=slider], [role=radiogroup]') !== null;
};

/** What a single key does, where the page has a handler for it. */
function handlerOf(key: string, on: ShortcutHandlers): (() => void) | undefined {
  const view = pairViews[Number(key) - 1];
  if (view !== undefined) return on.chooseView && (() => on.chooseView?.(view));
  const zoom = { '+': 1.5, '=': 1.5, '-': 1 / 1.5, '0': null }[key];
  if (zoom !== undefined) return on.zoomBy && (() => on.zoomBy?.(zoom));
  if (key === 'R') return on.randomSeed;
  return {
    '/': on.focusPrompt,
    '?': on.showKeys,
    r: on.nextSeed,
    l: on.switchLive,
    s: on.openSweep,
    x: on.swapSides,
    t: on.switchTheme,
  }[key.toLowerCase()];
}

function act(event: KeyboardEvent, on: ShortcutHandlers, letterKeys: boolean): boolean {
  const { key, target } = event;
  if (key === 'Escape') return on.cancel?.() ?? false;
  if (typesText(target) || document.querySelector('[role=dialog][data-modal]') !== null) return false;
  let handler: (() => void) | undefined;
  if (key === 'ArrowLeft' || key === 'ArrowRight' || key === ' ' || key === 'Enter') {
    if (usesKey(target, key)) return false;
    if (key === ' ') handler = on.togglePlayback;
    else if (key === 'Enter') handler = on.draw;
    else handler = on.stepPlayhead && (() => on.stepPlayhead?.(key === 'ArrowLeft' ? -1 : 1));
  } else if (letterKeys) {
    handler = handlerOf(key, on);
  }
  handler?.();
  return handler !== undefined;
}

export function useShortcuts(handlers: ShortcutHandlers): void {
  const letterKeys = useStudio((state) => state.settings.letterKeys);
  const latest = useRef({ handlers, letterKeys });
  latest.current = { handlers, letterKeys };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return;
      if (act(event, latest.current.handlers, latest.current.letterKeys)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
