/** Typed errors that survive the worker boundary: a code from one list, what was found and wanted, what to do. */

const errorCodes = [
  'aborted', // the caller's signal fired
  'file-not-found', // a path the checkpoint needs is not in the folder
  'file-malformed', // bytes that contradict themselves: truncated file, lying header, invalid JSON
  'file-changed', // the hub has another file than the one a download was begun with
  'access-denied', // a gated or private file: 401 or 403
  'network-failed', // no answer, an answer that broke off, or a server that stayed busy
  'storage-full', // the browser or the disk gives no more room
  'storage-busy', // another tab works on the same files
  'tensor-missing', // the config implies a tensor that the checkpoint lacks
  'tensor-mismatch', // a tensor with another shape or dtype than the config implies
  'config-invalid', // a config field of the wrong type or out of range
  'config-unsupported', // a config field whose value this engine can't honour
  'scheduler-unsupported', // a sampler this engine lacks
  'graph-invalid', // a graph that breaks an operator's rules (a bug of ours)
  'argument-invalid', // a caller's value out of range: steps, size, seed, guidance
  'backend-unavailable', // no adapter, no WASM, self-test failed everywhere
  'backend-failed', // the runtime failed while loading or running
  'backend-lost', // the device was lost; a new session may work
  'worker-lost', // the worker that runs the engine ended, or the runtime in it; a new one may work
  'out-of-memory',
  'model-too-large', // more weights than this backend can be given; another try changes nothing
  'non-finite', // an output holds NaN or infinity
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface EngineErrorDetails {
  /** What it concerns: a file, a tensor's name, a config field, an argument. */
  readonly subject?: string | undefined;
  readonly found?: string | undefined;
  readonly wanted?: string | undefined;
  /** What the reader can do, one sentence. */
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

/** The plain-data form of an {@link EngineError}, for structured cloning and JSON. */
export interface SerializedEngineError extends Omit<EngineErrorDetails, 'cause'> {
  readonly code: ErrorCode;
  readonly message: string;
}

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly found: string | undefined;
  readonly wanted: string | undefined;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, details: EngineErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.found = details.found;
    this.wanted = details.wanted;
    this.remedy = details.remedy;
  }

  toJSON(): SerializedEngineError {
    const { code, message, subject, found, wanted, remedy } = this;
    return { code, message, subject, found, wanted, remedy };
  }

  static fromJSON(value: SerializedEngineError): EngineError {
    return new EngineError(value.code, value.message, value);
  }

  /** Any thrown value as an EngineError; what is none already becomes `fallback`. */
  static from(thrown: unknown, fallback: ErrorCode = 'internal'): EngineError {
    if (thrown instanceof EngineError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new EngineError(fallback, message, { cause: thrown });
  }
}
