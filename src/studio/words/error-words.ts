/** Errors for the reader: what happened, what was kept, what to do. The values found and wanted stand as they are. */
import type { SerializedEngineError } from '../../worker/protocol.ts';
import type { Recovery } from '../state/recovery.ts';
import type { SideName } from '../state/side.ts';

export interface ErrorWords {
  readonly title: string;
  readonly sentences: readonly string[];
  /** Found and wanted, when the error carries them. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

const withStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
const withoutStop = (text: string): string => text.replace(/\.$/, '');

const titles: Partial<Record<SerializedEngineError['code'], string>> = {
  'out-of-memory': 'Not enough memory',
  'model-too-large': 'This model is too large here',
  'non-finite': 'The network gave no usable numbers',
  'backend-failed': 'The engine could not run this',
  'backend-lost': 'The graphics device was lost',
  'worker-lost': 'The engine stopped',
  'backend-unavailable': 'No engine works in this browser',
  'file-not-found': 'A model file is missing',
  'file-malformed': 'A model file is damaged',
  'tensor-missing': 'The weights do not fit the network',
  'tensor-mismatch': 'The weights do not fit the network',
  internal: 'Something went wrong in the engine',
};

export function errorWords(error: SerializedEngineError): ErrorWords {
  const title = titles[error.code];
  const values = [
    { name: 'Concerns', value: error.subject },
    { name: 'Found', value: error.found },
    { name: 'Wanted', value: error.wanted },
  ];
  return {
    title: title ?? withoutStop(error.message),
    sentences: [
      ...(title === undefined ? [] : [withStop(error.message)]),
      ...(error.remedy ? [withStop(error.remedy)] : []),
    ],
    values: values.flatMap(({ name, value }) => (value ? [{ name, value }] : [])),
  };
}

/** What outlives a failed engine. @param drawn the sides that have a picture */
export function keptText(drawn: readonly SideName[]): string {
  const [side] = drawn;
  if (side === undefined) return 'Your prompt and seed are kept.';
  const pictures = drawn.length > 1 ? 'both pictures' : `the picture on side ${side.toUpperCase()}`;
  return `Your prompt, seed and ${pictures} are kept.`;
}

/** Why the engine was started anew by itself, and what comes of it. */
export function recoveryText({ error, whileHidden }: Recovery): string {
  const reason = titles[error.code] ?? withoutStop(error.message);
  const when = whileHidden ? ' while this tab was hidden' : '';
  return `${reason}${when}. The engine was started anew and draws again with the same seed.`;
}

/** Lines for a bug report. */
export function errorText(error: SerializedEngineError): string {
  const { code, message, subject, found, wanted, remedy } = error;
  return Object.entries({ code, message, subject, found, wanted, remedy })
    .flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []))
    .join('\n');
}
