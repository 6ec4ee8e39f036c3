/** A value that changes often, followed at a calmer pace. */
import { useEffect, useRef, useState } from 'react';

/** @returns `value`, at most `periodMs` late: a run of quick steps redraws a chart only so often */
export function useCalmValue<Value>(value: Value, periodMs: number): Value {
  const [calm, setCalm] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const lastAt = useRef(Number.NEGATIVE_INFINITY);
  latest.current = value;
  useEffect(() => {
    if (Object.is(calm, value) || timer.current !== undefined) return;
    const take = (): void => {
      timer.current = undefined;
      lastAt.current = performance.now();
      setCalm(latest.current);
    };
    const waitMs = lastAt.current + periodMs - performance.now();
    if (waitMs <= 0) take();
    else timer.current = setTimeout(take, waitMs);
  }, [value, calm, periodMs]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return calm;
}
