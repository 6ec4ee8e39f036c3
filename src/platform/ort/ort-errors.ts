import { EngineError, type ErrorCode } from '../../engine/core/errors.ts';

const lost = /device (was|is|has been) (lost|destroyed)|devicelost|context lost/iu;
/** The runtime's program ended: nothing can be run on it any more. */
const ended = /^aborted\(|unreachable|memory access out of bounds|null function|call_indirect/iu;
const memory =
  /bad_alloc|out of memory|out-of-memory|\(oom\)|enlarge memory|allocation fail|failed to allocate|invalid (typed )?array( buffer)? length|exceeds the max buffer size|larger than the maximum binding size/iu;

/**
 * What onnxruntime-web threw, as an EngineError. It throws text from C++, and bare numbers where a C++
 * exception escaped (then nothing but the address is known).
 * @param doing what was under way, a clause: 'loading unet'
 */
export function ortError(thrown: unknown, doing: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const code = errorCode(thrown, text);
  return new EngineError(code, `${summaries[code]} while ${doing}.`, {
    found: typeof thrown === 'number' ? `a C++ exception at ${thrown}` : firstLine(text),
    remedy: remedies[code],
    cause: thrown,
  });
}

/** The device went away: reported by the browser, not by a call. @param reason the browser's words */
export function deviceLostError(reason: string): EngineError {
  return new EngineError('backend-lost', `${summaries['backend-lost']}.`, {
    found: reason,
    remedy: remedies['backend-lost'],
  });
}

type RuntimeErrorCode = Extract<
  ErrorCode,
  'backend-lost' | 'worker-lost' | 'out-of-memory' | 'backend-failed'
>;

const summaries: Readonly<Record<RuntimeErrorCode, string>> = {
  'backend-lost': 'The graphics device was lost',
  'worker-lost': 'The runtime ended',
  'out-of-memory': 'Memory ran out',
  'backend-failed': 'The runtime failed',
};

const remedies: Readonly<Record<RuntimeErrorCode, string>> = {
  'backend-lost': 'Start the engine again; if it happens again, use WASM.',
  'worker-lost': 'Start the engine again; if it happens again, choose a smaller model or picture.',
  'out-of-memory': 'Close other tabs, or choose a smaller model or picture.',
  'backend-failed': 'Try the other backend, and report this message if it stays.',
};

function errorCode(thrown: unknown, text: string): RuntimeErrorCode {
  if (lost.test(text)) return 'backend-lost';
  if (memory.test(text) || (thrown instanceof RangeError && /alloc|length/iu.test(text)))
    return 'out-of-memory';
  if (ended.test(text)) return 'worker-lost';
  return 'backend-failed';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 400);
}
