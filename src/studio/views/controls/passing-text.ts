/** A word on what came of a press, which goes by itself. */
import { useEffect, useState } from 'react';

const leastMs = 2400;
const readingMs = 60;

/** Long enough to be read. */
export const staysMs = (text: string): number => Math.max(leastMs, readingMs * text.length);

/** @returns the text, '' once it has gone, and what says another */
export function usePassingText(): readonly [string, (text: string) => void] {
  const [text, setText] = useState('');
  useEffect(() => {
    if (text === '') return;
    const timer = setTimeout(() => setText(''), staysMs(text));
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
