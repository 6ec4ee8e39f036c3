/**
 * A formula by KaTeX, which is fetched with the page that needs it. KaTeX writes into the element itself and not as
 * markup: the content policy forbids style attributes, not styles set by a script.
 */
import { render } from 'katex';
import 'katex/dist/katex.min.css';
import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface EquationProps {
  /** TeX. */
  readonly tex: string;
  /** On a line of its own. */
  readonly display?: boolean;
}

export function Equation({ tex, display = false }: EquationProps): ReactNode {
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null) render(tex, element.current, { displayMode: display, throwOnError: false });
  }, [tex, display]);
  return <span ref={element} className={display ? 'equation display' : 'equation'} />;
}
