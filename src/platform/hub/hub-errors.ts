/** What a hub's answer means: errors to report, and errors to try again after. */
import { EngineError } from '../../engine/core/errors.ts';

/** A failure that may pass: the request is worth repeating. */
export class PassingFailure extends Error {
  /** What happened, for the reader. */
  readonly reason: string;
  /** How long the server wants to be left alone; undefined when it didn't say. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, retryAfterMs?: number) {
    super(reason);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** @throws EngineError or PassingFailure for everything but 200 and 206 */
export function assertServed(response: Response, path: string): void {
  const { status } = response;
  if (status === 200 || status === 206) {
    if (isPage(response)) throw pageInstead(path);
    return;
  }
  const message = response.headers.get('x-error-message') ?? response.statusText;
  const found = `status ${status}${message ? `, "${message}"` : ''}`;
  if (status === 401 || status === 403)
    throw accessDenied(path, status, response.headers.get('x-error-code'), found);
  if (status === 404 || status === 410) {
    throw new EngineError('file-not-found', `The hub has no ${path}.`, {
      subject: path,
      found,
      wanted: 'the file',
      remedy: 'Check the id and the revision on the model page.',
    });
  }
  if (status === 416)
    throw fileChanged(path, 'a file too short for the range asked for', 'the file begun with');
  if (status === 408 || status === 429 || status >= 500) {
    throw new PassingFailure(found, parseRetryAfter(response.headers.get('retry-after')));
  }
  throw new EngineError('network-failed', `The hub refused ${path}.`, {
    subject: path,
    found,
    wanted: 'status 200 or 206',
    remedy: 'Check the address of the hub or mirror.',
  });
}

/** Seconds or a date. Source: RFC 9110, 10.2.3. */
function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  const milliseconds = /^\d+$/u.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

export function fileChanged(path: string, found: string, wanted: string): EngineError {
  return new EngineError('file-changed', `${path} is not the file that this download began with.`, {
    subject: path,
    found,
    wanted,
    remedy: 'Delete what was downloaded of it and start again: two versions must not be mixed.',
  });
}

function pageInstead(path: string): EngineError {
  return new EngineError('file-malformed', `A web page came in place of ${path}.`, {
    subject: path,
    found: 'HTML with status 200',
    wanted: 'the file',
    remedy: 'Sign in to the network you are on, or check the address of the mirror.',
  });
}

export function pointerInstead(path: string): EngineError {
  return new EngineError('file-malformed', `A Git LFS pointer came in place of ${path}.`, {
    subject: path,
    found: 'the text of an LFS pointer',
    wanted: 'the weights',
    remedy: 'The mirror was copied without its large files: run "git lfs pull" there, or use another one.',
  });
}

export function unreachable(path: string, found: string, cause?: unknown): EngineError {
  return new EngineError('network-failed', `${path} could not be fetched.`, {
    subject: path,
    found,
    wanted: 'an answer from the hub',
    remedy: 'Check the connection and continue the download: it goes on where it stopped.',
    cause,
  });
}

function isPage(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/html') ?? false;
}

function accessDenied(path: string, status: number, code: string | null, found: string): EngineError {
  const missing = code === 'RepoNotFound';
  const gated = code === 'GatedRepo';
  const message = missing
    ? 'The hub has no such model, or it is private.'
    : gated
      ? 'This model is gated: its authors want to know who takes it.'
      : `The hub doesn't hand out ${path}.`;
  const remedy = missing
    ? 'Check the id; for a private model enter an access token.'
    : status === 401
      ? 'Accept the terms on the model page, then enter an access token of your account.'
      : 'Accept the terms on the model page with the account of this token, or wait to be let in.';
  return new EngineError('access-denied', message, {
    subject: path,
    found,
    wanted: 'an access token that is allowed to read it',
    remedy,
  });
}
