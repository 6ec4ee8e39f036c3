/** A failure after which the engine is started anew and the same run is tried once more. */
import type { SerializedEngineError } from '../../worker/protocol.ts';

export interface Recovery {
  readonly error: SerializedEngineError;
  /** Whether the tab was hidden then: browsers take the graphics device and memory from hidden tabs first. */
  readonly whileHidden: boolean;
}

/** Whether a new engine may draw what this one couldn't: its device, its worker or its memory was lost. */
function isRecoverable({ code }: SerializedEngineError): boolean {
  return code === 'backend-lost' || code === 'worker-lost' || code === 'out-of-memory';
}

/** Whether trying by hand again needs a new worker: what broke in a way of its own, or has no memory left. */
export function wantsNewWorker({ code }: SerializedEngineError): boolean {
  return code === 'internal' || code === 'out-of-memory';
}

export interface SecondChances {
  /** Whether a run may be tried again. Once: what failed twice isn't, until it was drawn after all. */
  take(key: string, error: SerializedEngineError): boolean;
  drawn(key: string): void;
}

export function createSecondChances(): SecondChances {
  const failed = new Set<string>();
  return {
    take(key, error) {
      if (!isRecoverable(error) || failed.has(key)) return false;
      failed.add(key);
      return true;
    },
    drawn: (key) => void failed.delete(key),
  };
}
