import { describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings, promptLimit, seedProblem, stepsProblem } from './settings.ts';

describe('settings that come back from storage', () => {
  it('survive a round trip', () => {
    const settings = {
      ...defaultSettings,
      prompt: 'قطة 🐱',
      seed: 2 ** 53 - 1,
      steps: 50,
      guidance: 1.5,
      theme: 'dark' as const,
    };
    expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it.each([
    [null],
    [''],
    ['{'],
    ['null'],
    ['[1]'],
    ['"text"'],
    ['{"prompt":4,"seed":"7","seedLocked":1,"theme":"pink"}'],
  ])('fall back to the defaults: %s', (text) => expect(parseSettings(text)).toEqual(defaultSettings));

  it('lose only the field that is wrong', () => {
    const stored = { ...defaultSettings, seed: -1, steps: 51, guidance: -2, prompt: 'an owl' };
    expect(parseSettings(JSON.stringify(stored))).toEqual({ ...defaultSettings, prompt: 'an owl' });
  });

  it('cut a prompt that would not fit storage', () => {
    const stored = JSON.stringify({ ...defaultSettings, prompt: 'x'.repeat(promptLimit + 5) });
    expect(parseSettings(stored).prompt).toHaveLength(promptLimit);
  });
});

describe('fields say what is wrong', () => {
  it.each([1, 25, 50])('steps %d are right', (steps) => expect(stepsProblem(steps)).toBe(''));
  it.each([0, 51, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])('steps %d are not', (steps) =>
    expect(stepsProblem(steps)).toBe('1 to 50'),
  );
  it.each([0, 7, Number.MAX_SAFE_INTEGER])('seed %d is right', (seed) => expect(seedProblem(seed)).toBe(''));
  it.each([-1, 2 ** 53, 0.5])('seed %d is not', (seed) => expect(seedProblem(seed)).not.toBe(''));
  it('an empty seed asks for a number', () => expect(seedProblem(Number.NaN)).toBe('A whole number'));
});
