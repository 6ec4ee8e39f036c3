/** How a call's end crosses between page and worker: structured cloning would strip an error of its code. */
import { EngineError, type SerializedEngineError } from '../engine/core/errors.ts';

export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: SerializedEngineError };

/** Worker's side: never rejects. */
export async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: EngineError.from(thrown).toJSON() };
  }
}

/** Page's side. @throws EngineError with the code it was thrown with */
export function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw EngineError.fromJSON(outcome.error);
}
