import { EngineError } from './errors.ts';

/** The part of an AbortSignal that the engine reads; every AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** @throws EngineError 'aborted' once the signal fired. */
export function throwIfAborted(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw new EngineError('aborted', 'Cancelled.');
}
