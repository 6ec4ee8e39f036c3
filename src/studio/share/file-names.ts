/** Names of saved files: prompt, model, steps and seed, in letters that every file system takes. */
import type { PictureSettings } from './picture-settings.ts';

const longestSlug = 60;

/** 'A fox, at night!' to 'a-fox-at-night'; letters of any script stay. */
function slugOf(text: string): string {
  const words =
    text
      .normalize('NFC')
      .toLocaleLowerCase('en')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...words.join('-')].slice(0, longestSlug).join('').replace(/-$/u, '');
}

/** 'a-red-apple_instaflow-nano_1-step_seed-7', without an ending. */
export function pictureFileName({ prompt, model, stepCount, seed }: PictureSettings): string {
  const parts = [
    slugOf(prompt) || 'picture',
    slugOf(model),
    `${stepCount}-step${stepCount === 1 ? '' : 's'}`,
  ];
  return [...parts.filter((part) => part !== ''), `seed-${seed}`].join('_');
}

/** The names in order, equal ones told apart: 'name', 'name (2)'. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
