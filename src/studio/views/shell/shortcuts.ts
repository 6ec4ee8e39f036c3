/** Keys that act on the page as a whole (design: Keyboard). */
import { useEffect, useRef } from 'react';
import { type PairView, pairViews } from '../../state/pair-view.ts';

export interface ShortcutHandlers {
  readonly focusPrompt: () => void;
  readonly draw: () => void;
  /** @returns whether there was something to cancel */
  readonly cancel: () => boolean;
  readonly nextSeed: () => void;
  readonly randomSeed: () => void;
  readonly switchTheme: () => void;
  readonly openSweep: () => void;
  readonly switchLive: () => void;
  readonly chooseView: (view: PairView) => void;
  /** @param factor null = the whole picture */
  readonly zoomBy: (factor: number | null) => void;
  readonly swapSides: () => void;
  readonly showKeys: () => void;
  readonly togglePlayback: () => void;
  readonly stepPlayhead: (by: 1 | -1) => void;
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

function act(event: KeyboardEvent, on: ShortcutHandlers, letterKeys: boolean): boolean {
  const { key, target } = event;
  if (key === 'Escape') return on.cancel();
  if (typesText(target) || document.querySelector('[role=dialog][data-modal]') !== null) return false;
  if (key === 'ArrowLeft' || key === 'ArrowRight' || key === ' ' || key === 'Enter') {
    if (usesKey(target, key)) return false;
    if (key === ' ') on.togglePlayback();
    else if (key === 'Enter') on.draw();
    else on.stepPlayhead(key === 'ArrowLeft' ? -1 : 1);
    return true;
  }
  if (!letterKeys) return false;
  const view = pairViews[Number(key) - 1];
  if (view !== undefined) on.chooseView(view);
  else if (key === '+' || key === '=') on.zoomBy(1.5);
  else if (key === '-') on.zoomBy(1 / 1.5);
  else if (key === '0') on.zoomBy(null);
  else if (key === '/') on.focusPrompt();
  else if (key === '?') on.showKeys();
  else if (key === 'R') on.randomSeed();
  else if (key === 'r') on.nextSeed();
  else if (key === 'l' || key === 'L') on.switchLive();
  else if (key === 's' || key === 'S') on.openSweep();
  else if (key === 'x' || key === 'X') on.swapSides();
  else if (key === 't' || key === 'T') on.switchTheme();
  else return false;
  return true;
}

export function useShortcuts(handlers: ShortcutHandlers, letterKeys: boolean): void {
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
