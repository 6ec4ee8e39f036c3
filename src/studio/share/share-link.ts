/**
 * A comparison as parameters of a link: they stand behind the hash, so no server ever sees them.
 *
 *     #/?prompt=a+red+apple&seed=7&a=instaflow-nano&a.steps=1&b=2-rf-nano&b.steps=25
 *
 * What is at its default stays out, but prompt, seed, models and steps are always said: defaults may change. Files that
 * change weights lie on one reader's disk: a link can't carry them, and draws without.
 */
import {
  type DrawSettings,
  defaultSettings,
  parseDrawSettings,
  type SideSettings,
} from '../state/settings.ts';
import { type SideName, sideNames } from '../state/side.ts';

/** Any of them makes the parameters a shared comparison. */
const telling = ['prompt', 'seed', ...sideNames];

function sideParameters(side: SideName, settings: SideSettings): [string, string][] {
  const { model, sampler, steps, guidance, decoding } = settings;
  return [
    ...(model === null ? [] : [[side, model] as [string, string]]),
    [`${side}.steps`, String(steps)],
    ...(sampler === null ? [] : [[`${side}.sampler`, sampler] as [string, string]]),
    ...(guidance === null ? [] : [[`${side}.guidance`, String(guidance)] as [string, string]]),
    ...(decoding === 'full' ? [] : [[`${side}.decoding`, decoding] as [string, string]]),
  ];
}

/** @param settings with valid numbers (`blockingField` is null) and, best, the models named */
export function shareParameters(settings: DrawSettings): URLSearchParams {
  const { prompt, negativePrompt, seed, size, sides, promptBlend, seedBlend } = settings;
  const parameters = new URLSearchParams({ prompt, seed: String(seed) });
  if (negativePrompt !== '') parameters.set('negative', negativePrompt);
  if (size !== null) parameters.set('size', size.join('x'));
  for (const side of sideNames) {
    for (const [name, value] of sideParameters(side, sides[side])) parameters.set(name, value);
  }
  if (promptBlend.weight > 0) {
    parameters.set('toward', promptBlend.prompt);
    parameters.set('toward.weight', String(promptBlend.weight));
  }
  if (seedBlend.weight > 0) {
    parameters.set('toward.seed', String(seedBlend.seed));
    parameters.set('toward.seed.weight', String(seedBlend.weight));
  }
  return parameters;
}

/**
 * What a link draws; null when its parameters are none of a comparison. Links are typed and cut by people: what is
 * missing or out of range takes its default.
 */
export function readShareParameters(parameters: URLSearchParams): DrawSettings | null {
  if (!telling.some((name) => parameters.has(name))) return null;
  const number = (name: string): number | undefined => {
    const text = parameters.get(name);
    return text === null || text.trim() === '' ? undefined : Number(text);
  };
  const side = (name: SideName) => ({
    model: parameters.get(name),
    sampler: parameters.get(`${name}.sampler`),
    steps: number(`${name}.steps`) ?? defaultSettings.sides[name].steps,
    guidance: number(`${name}.guidance`),
    decoding: parameters.get(`${name}.decoding`),
  });
  return parseDrawSettings({
    prompt: parameters.get('prompt') ?? undefined,
    negativePrompt: parameters.get('negative') ?? '',
    seed: number('seed'),
    size: parameters.get('size')?.split('x').map(Number),
    sides: { a: side('a'), b: side('b') },
    promptBlend: { prompt: parameters.get('toward') ?? '', weight: number('toward.weight') },
    seedBlend: { seed: number('toward.seed'), weight: number('toward.seed.weight') },
  });
}
