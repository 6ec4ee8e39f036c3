/** Thrown values as plain data for the store. The page has the engine's types, not its code. */
import type { SerializedEngineError } from '../../worker/protocol.ts';

/** An EngineError keeps its code and details; anything else is 'internal' with its message. */
export function serializeError(thrown: unknown): SerializedEngineError {
  if (thrown instanceof Error && 'code' in thrown && 'toJSON' in thrown) {
    return (thrown as { toJSON(): SerializedEngineError }).toJSON();
  }
  if (thrown instanceof DOMException && thrown.name === 'AbortError')
    return { code: 'aborted', message: 'Cancelled.' };
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
