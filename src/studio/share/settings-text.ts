/**
 * A picture's settings as the text that AUTOMATIC1111-style tools write under 'parameters':
 *
 *     a red apple
 *     Negative prompt: blurry
 *     Steps: 25, Sampler: rectified-flow, CFG scale: 1.5, Seed: 7, Size: 64x64, Model: 2-rf-nano
 *
 * Blended noise is their 'Variation seed'. Files that changed the weights stand under 'LoRA', as `formatAdapters` says
 * them. Reading takes any such text, from whatever program: each value by itself, what is out of range left out.
 */

import { promptLimit, seedProblem } from '../state/settings.ts';
import { formatAdapters, parseAdapters } from './adapters-text.ts';
import type { PictureSettings } from './picture-settings.ts';

/** Keyword of the text chunk. */
export const settingsKeyword = 'parameters';

const negativePrefix = 'Negative prompt:';
/** A last line with fewer fields is a prompt that happens to have a colon. */
const fewestFields = 3;
const field = /\s*(\w[\w \-/]{0,40}):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)/gu;

/** Values with a comma, a colon or a line break are quoted as JSON does. */
const quoted = (value: string): string => (/[,:\n"]|^\s|\s$|^$/u.test(value) ? JSON.stringify(value) : value);

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.trim();
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

/** @param program who wrote it: 'InstaFlow Studio 0.1.0' */
export function formatSettingsText(settings: PictureSettings, program: string): string {
  const { prompt, negativePrompt, stepCount, sampler, guidanceScale, seed, width, height, model } = settings;
  const { promptBlend, seedBlend, adapters = [], decoding } = settings;
  const fields: readonly (readonly [string, string])[] = [
    ['Steps', String(stepCount)],
    ...(sampler === null ? [] : [['Sampler', sampler] as const]),
    ['CFG scale', String(guidanceScale)],
    ['Seed', String(seed)],
    ['Size', `${width}x${height}`],
    ['Model', model],
    ...(seedBlend === null
      ? []
      : [
          ['Variation seed', String(seedBlend.seed)] as const,
          ['Variation seed strength', String(seedBlend.weight)] as const,
        ]),
    ...(promptBlend === null
      ? []
      : [
          ['Prompt blend', promptBlend.prompt] as const,
          ['Prompt blend weight', String(promptBlend.weight)] as const,
        ]),
    ...(adapters.length === 0 ? [] : [['LoRA', formatAdapters(adapters)] as const]),
    ...(decoding === undefined ? [] : [['Decoder', decoding] as const]),
    ['Version', program],
  ];
  return [
    prompt,
    ...(negativePrompt === '' ? [] : [`${negativePrefix} ${negativePrompt}`]),
    fields.map(([name, value]) => `${name}: ${quoted(value)}`).join(', '),
  ].join('\n');
}

/** What a text says; missing = it doesn't, or says something out of range. */
export type ReadSettings = Partial<PictureSettings> & { readonly prompt: string };

const wholeWithin = (text: string | undefined, least: number, most: number): number | undefined => {
  const value = Number(text);
  return text !== undefined && /^\d+$/u.test(text) && value >= least && value <= most ? value : undefined;
};

function numberWithin(text: string | undefined, most: number): number | undefined {
  const value = Number(text);
  return text && Number.isFinite(value) && value >= 0 && value <= most ? value : undefined;
}

type Values = ReadonlyMap<string | undefined, string>;

/** Blends of weight 0 are none. */
function blendsIn(values: Values): Pick<PictureSettings, 'promptBlend' | 'seedBlend'> {
  const seed = wholeWithin(values.get('variation seed'), 0, Number.MAX_SAFE_INTEGER);
  const seedWeight = numberWithin(values.get('variation seed strength'), 1) ?? 0;
  const prompt = values.get('prompt blend');
  const promptWeight = numberWithin(values.get('prompt blend weight'), 1) ?? 0;
  return {
    promptBlend: prompt === undefined || promptWeight === 0 ? null : { prompt, weight: promptWeight },
    seedBlend: seed === undefined || seedWeight === 0 ? null : { seed, weight: seedWeight },
  };
}

function sizeIn(text: string | undefined): { width: number; height: number } | undefined {
  const [, width, height] = /^(\d+)x(\d+)$/u.exec(text ?? '') ?? [];
  const sides = [wholeWithin(width, 1, 8192), wholeWithin(height, 1, 8192)] as const;
  return sides[0] === undefined || sides[1] === undefined ? undefined : { width: sides[0], height: sides[1] };
}

/** @returns null for a text that names no setting: a caption, another program's notes */
export function parseSettingsText(text: string): ReadSettings | null {
  const lines = text.trim().split('\n');
  const fields = [...(lines.at(-1) ?? '').matchAll(field)];
  if (fields.length < fewestFields) return null;
  const values: Values = new Map(
    fields.map(([, name, value]) => [name?.toLowerCase(), unquoted(value ?? '')]),
  );
  const stepCount = wholeWithin(values.get('steps'), 1, 1000);
  const seed = wholeWithin(values.get('seed'), 0, Number.MAX_SAFE_INTEGER);
  if (stepCount === undefined && seed === undefined) return null;

  const said = lines.slice(0, -1);
  const negativeAt = said.findLastIndex((line) => line.startsWith(negativePrefix));
  const promptLines = negativeAt < 0 ? said : said.slice(0, negativeAt);
  const negativeLines = negativeAt < 0 ? [] : said.slice(negativeAt);
  const guidanceScale = numberWithin(values.get('cfg scale'), 100);
  const sampler = values.get('sampler') || undefined;
  const model = values.get('model') || undefined;
  const adapters = parseAdapters(values.get('lora') ?? '');
  return {
    prompt: promptLines.join('\n').trim().slice(0, promptLimit),
    negativePrompt: negativeLines.join('\n').slice(negativePrefix.length).trim().slice(0, promptLimit),
    ...(stepCount !== undefined && { stepCount }),
    ...(seed !== undefined && seedProblem(seed) === '' && { seed }),
    ...(guidanceScale !== undefined && { guidanceScale }),
    ...(sampler !== undefined && { sampler }),
    ...(model !== undefined && { model }),
    ...sizeIn(values.get('size')),
    ...blendsIn(values),
    ...(adapters.length > 0 && { adapters }),
    ...(values.get('decoder') === 'fast' && { decoding: 'fast' }),
  };
}
