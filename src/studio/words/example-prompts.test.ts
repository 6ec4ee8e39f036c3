import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../state/settings.ts';
import { examplePrompts } from './example-prompts.ts';

interface Concepts {
  readonly labels: readonly { readonly label: string; readonly also: readonly string[] }[];
  readonly backgrounds: readonly { readonly words: readonly string[] }[];
  readonly styles: readonly { readonly words: readonly string[] }[];
}

const concepts = JSON.parse(readFileSync('training/concepts.json', 'utf8')) as Concepts;
const nouns = new Set(concepts.labels.flatMap(({ label, also }) => [label, ...also]));
const backgrounds = new Set(concepts.backgrounds.flatMap(({ words }) => words));
const styles = new Set(concepts.styles.flatMap(({ words }) => words));

describe('example prompts', () => {
  it.each(examplePrompts)('the built-in model was trained on every part of: %s', (prompt) => {
    const parts = /^(?:an? )?(.+?)(?:, (\w+) style)?(?: on an? (.+) background)?$/.exec(prompt);
    expect(nouns).toContain(parts?.[1]);
    if (parts?.[2] !== undefined) expect(styles).toContain(parts[2]);
    if (parts?.[3] !== undefined) expect(backgrounds).toContain(parts[3]);
  });

  it('begin with the one that the first visit draws', () =>
    expect(examplePrompts[0]).toBe(defaultSettings.prompt));
});
