/** What the reader sets and the browser keeps. Everything that comes back from storage is validated field by field. */

export type ThemeChoice = 'system' | 'light' | 'dark';

export interface Settings {
  readonly prompt: string;
  /** A whole number from 0 to 2^53 - 1; NaN while the field is empty. */
  readonly seed: number;
  /** Whether Draw keeps the seed; else every draw takes a new one. */
  readonly seedLocked: boolean;
  /** N of side B; out of range or NaN while the reader is typing: `stepsProblem` says so. */
  readonly steps: number;
  /** Guidance of side B; null = the model's own. */
  readonly guidance: number | null;
  readonly theme: ThemeChoice;
  /** Whether single letters act as shortcuts (WCAG 2.1.4 wants them switchable). */
  readonly letterKeys: boolean;
  /** Whether the greeting was closed. */
  readonly greeted: boolean;
}

export const stepsRange = { minimum: 1, maximum: 50 } as const;
export const seedRange = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
/** Longest prompt kept, in UTF-16 units: far beyond what 77 tokens can say, small for storage. */
export const promptLimit = 20_000;

export const defaultSettings: Settings = {
  prompt: 'a red apple',
  seed: 7,
  seedLocked: true,
  steps: 25,
  guidance: null,
  theme: 'system',
  letterKeys: true,
  greeted: false,
};

const isWholeWithin = (value: number, { minimum, maximum }: { minimum: number; maximum: number }): boolean =>
  Number.isInteger(value) && value >= minimum && value <= maximum;

/** What is wrong with N, short enough to stand beside the field; '' when nothing is. */
export function stepsProblem(steps: number): string {
  return isWholeWithin(steps, stepsRange) ? '' : `${stepsRange.minimum} to ${stepsRange.maximum}`;
}

/** What is wrong with the seed; '' when nothing is. */
export function seedProblem(seed: number): string {
  if (isWholeWithin(seed, seedRange)) return '';
  return Number.isNaN(seed) ? 'A whole number' : 'From 0 to 2^53 − 1';
}

/** Stored text to settings; a field that is missing, mistyped or out of range falls back to its default. */
export function parseSettings(text: string | null): Settings {
  let stored: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) stored = value as Record<string, unknown>;
  } catch {
    // Not ours, or cut off while writing: the defaults are right then.
  }
  const bool = (name: keyof Settings): boolean =>
    typeof stored[name] === 'boolean' ? (stored[name] as boolean) : (defaultSettings[name] as boolean);
  const { prompt, seed, steps, guidance, theme } = stored;
  return {
    prompt: typeof prompt === 'string' ? prompt.slice(0, promptLimit) : defaultSettings.prompt,
    seed: typeof seed === 'number' && seedProblem(seed) === '' ? seed : defaultSettings.seed,
    seedLocked: bool('seedLocked'),
    steps: typeof steps === 'number' && stepsProblem(steps) === '' ? steps : defaultSettings.steps,
    guidance: typeof guidance === 'number' && guidance >= 0 && guidance <= 30 ? guidance : null,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    letterKeys: bool('letterKeys'),
    greeted: bool('greeted'),
  };
}
