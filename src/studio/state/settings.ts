/** What the reader sets and the browser keeps. Everything that comes back from storage is validated field by field. */
import type { AppliedAdapter, Decoding } from '../../worker/protocol.ts';
import { parseHistory } from './prompt-history.ts';
import { promptLimit } from './prompt-limit.ts';
import type { SideName } from './side.ts';

export { promptLimit };

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What one side draws with. */
export interface SideSettings {
  /** A catalogue id; null = the side's model of the default pair. */
  readonly model: string | null;
  /** A sampler's name; null = the model's own. */
  readonly sampler: string | null;
  /** N; out of range or NaN while the reader is typing: `stepsProblem` says so. A one-step model passes it over. */
  readonly steps: number;
  /** null = the model's own. */
  readonly guidance: number | null;
  /** Files that change the model's weights; storage and links can't carry them. */
  readonly adapters: readonly AppliedAdapter[];
  /** 'fast' is passed over where the model has no tiny decoder. */
  readonly decoding: Decoding;
}

/** What decides the pictures: what a share link carries and a kept picture restores. */
export interface DrawSettings {
  readonly prompt: string;
  /** Acts with guidance above 1 only. */
  readonly negativePrompt: string;
  /** A whole number from 0 to 2^53 - 1; NaN while the field is empty. */
  readonly seed: number;
  /** Pixels, [width, height]; null, or a size that a model doesn't take = the model's first. */
  readonly size: readonly [number, number] | null;
  readonly sides: Readonly<Record<SideName, SideSettings>>;
  /** A second prompt, its embedding mixed in linearly: weight 0 = the first alone, 1 = the second. */
  readonly promptBlend: { readonly prompt: string; readonly weight: number };
  /** A second seed, its noise mixed in spherically: weight 0 = the first alone, 1 = the second. */
  readonly seedBlend: { readonly seed: number; readonly weight: number };
}

export interface Settings extends DrawSettings {
  /** Whether Draw keeps the seed; else every draw takes a new one. */
  readonly seedLocked: boolean;
  readonly theme: ThemeChoice;
  /** Whether single letters act as shortcuts (WCAG 2.1.4 wants them switchable). */
  readonly letterKeys: boolean;
  /** Whether the greeting was closed. */
  readonly greeted: boolean;
  /** Prompts that were drawn, the latest first. */
  readonly history: readonly string[];
}

interface WholeRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** N of a side whose model isn't known yet. */
export const stepsRange: WholeRange = { minimum: 1, maximum: 50 };
/** N that storage and links may carry: what the engine takes at all. */
const storedSteps: WholeRange = { minimum: 1, maximum: 1000 };
export const seedRange: WholeRange = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const longestSide = 4096;
const highestGuidance = 30;

export const defaultSettings: Settings = {
  prompt: 'a red apple',
  negativePrompt: '',
  seed: 7,
  size: null,
  sides: {
    a: { model: null, sampler: null, steps: 1, guidance: null, adapters: [], decoding: 'full' },
    b: { model: null, sampler: null, steps: 25, guidance: null, adapters: [], decoding: 'full' },
  },
  promptBlend: { prompt: '', weight: 0 },
  seedBlend: { seed: 8, weight: 0 },
  seedLocked: true,
  theme: 'system',
  letterKeys: true,
  greeted: false,
  history: [],
};

const isWholeWithin = (value: unknown, { minimum, maximum }: WholeRange): value is number =>
  Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;

/**
 * What is wrong with N, short enough to stand beside the field; '' when nothing is.
 * @param range what the side's model takes
 */
export function stepsProblem(steps: number, range: WholeRange = stepsRange): string {
  if (isWholeWithin(steps, range)) return '';
  return range.minimum === range.maximum ? `${range.minimum}` : `${range.minimum} to ${range.maximum}`;
}

/** What is wrong with the seed; '' when nothing is. */
export function seedProblem(seed: number): string {
  if (isWholeWithin(seed, seedRange)) return '';
  return Number.isNaN(seed) ? 'A whole number' : 'From 0 to 2^53 − 1';
}

type Stored = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Stored =>
  typeof value === 'object' && value !== null ? (value as Stored) : {};

const textOr = (value: unknown, fallback: string): string =>
  typeof value === 'string' ? value.slice(0, promptLimit) : fallback;

const nameOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= 200 ? value : null;

const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

function parseSide(stored: Stored, fallback: SideSettings): SideSettings {
  const { model, sampler, steps, guidance, decoding } = stored;
  const isGuidance = typeof guidance === 'number' && guidance >= 0 && guidance <= highestGuidance;
  return {
    model: nameOrNull(model),
    sampler: nameOrNull(sampler),
    steps: isWholeWithin(steps, storedSteps) ? steps : fallback.steps,
    guidance: isGuidance ? guidance : null,
    adapters: [],
    decoding: decoding === 'fast' ? 'fast' : 'full',
  };
}

function parseSize(stored: unknown): readonly [number, number] | null {
  if (!Array.isArray(stored) || stored.length !== 2) return null;
  const [width, height]: unknown[] = stored;
  const range = { minimum: 1, maximum: longestSide };
  return isWholeWithin(width, range) && isWholeWithin(height, range) ? [width, height] : null;
}

/** A value from a file, a link or storage; a field that is missing, mistyped or out of range takes its default. */
export function parseDrawSettings(value: unknown): DrawSettings {
  const stored = fieldsOf(value);
  const seedOr = (seed: unknown, fallback: number): number =>
    isWholeWithin(seed, seedRange) ? seed : fallback;
  const sides = fieldsOf(stored.sides);
  const [promptBlend, seedBlend] = [fieldsOf(stored.promptBlend), fieldsOf(stored.seedBlend)];
  const side = (name: SideName) => parseSide(fieldsOf(sides[name]), defaultSettings.sides[name]);
  return {
    prompt: textOr(stored.prompt, defaultSettings.prompt),
    negativePrompt: textOr(stored.negativePrompt, defaultSettings.negativePrompt),
    seed: seedOr(stored.seed, defaultSettings.seed),
    size: parseSize(stored.size),
    sides: { a: side('a'), b: side('b') },
    promptBlend: {
      prompt: textOr(promptBlend.prompt, defaultSettings.promptBlend.prompt),
      weight: isShare(promptBlend.weight) ? promptBlend.weight : 0,
    },
    seedBlend: {
      seed: seedOr(seedBlend.seed, defaultSettings.seedBlend.seed),
      weight: isShare(seedBlend.weight) ? seedBlend.weight : 0,
    },
  };
}

/** Stored text to settings. */
export function parseSettings(text: string | null): Settings {
  let stored: Stored = {};
  try {
    stored = fieldsOf(JSON.parse(text ?? '{}'));
  } catch {
    // Not ours, or cut off while writing: the defaults are right then.
  }
  const bool = (name: 'seedLocked' | 'letterKeys' | 'greeted'): boolean => {
    const value = stored[name];
    return typeof value === 'boolean' ? value : defaultSettings[name];
  };
  const { theme } = stored;
  return {
    ...parseDrawSettings(stored),
    seedLocked: bool('seedLocked'),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    letterKeys: bool('letterKeys'),
    greeted: bool('greeted'),
    history: parseHistory(stored.history),
  };
}

/** @returns settings in which one side is changed */
export function changeSide<Whole extends DrawSettings>(
  settings: Whole,
  side: SideName,
  change: Partial<SideSettings>,
): Whole {
  return { ...settings, sides: { ...settings.sides, [side]: { ...settings.sides[side], ...change } } };
}

/** The same pair, left and right exchanged. */
export function swapSides<Whole extends DrawSettings>(settings: Whole): Whole {
  const { a, b } = settings.sides;
  return { ...settings, sides: { a: b, b: a } };
}
