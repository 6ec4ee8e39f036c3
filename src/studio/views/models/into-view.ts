/** What a drop came to is seen, though the dialog may be longer than the screen. */
import { type RefObject, useEffect, useRef } from 'react';

/** @returns for the element that tells `news`: it is scrolled to whenever they are others; null is none */
export function useIntoView<Telling extends Element>(news: unknown): RefObject<Telling | null> {
  const element = useRef<Telling>(null);
  useEffect(() => {
    if (news !== null) element.current?.scrollIntoView({ block: 'nearest' });
  }, [news]);
  return element;
}
