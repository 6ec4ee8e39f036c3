import { describe, expect, it } from 'vitest';
import {
  changeSide,
  defaultSettings,
  parseSettings,
  promptLimit,
  type Settings,
  seedProblem,
  stepsProblem,
  swapSides,
} from './settings.ts';

const everythingSet: Settings = {
  ...defaultSettings,
  prompt: 'قطة 🐱',
  negativePrompt: 'blurry',
  seed: 2 ** 53 - 1,
  size: [512, 768],
  sides: {
    a: {
      model: 'sd-nano',
      sampler: 'dpm-solver-multistep',
      steps: 8,
      guidance: 3,
      adapters: [],
      decoding: 'fast',
    },
    b: { model: '2-rf-nano', sampler: null, steps: 50, guidance: 1.5, adapters: [], decoding: 'full' },
  },
  promptBlend: { prompt: 'a fox', weight: 0.25 },
  seedBlend: { seed: 12, weight: 1 },
  theme: 'dark',
};

describe('settings that come back from storage', () => {
  it('survive a round trip', () => {
    expect(parseSettings(JSON.stringify(everythingSet))).toEqual(everythingSet);
  });

  it.each([
    [null],
    [''],
    ['{'],
    ['null'],
    ['[1]'],
    ['"text"'],
    ['{"prompt":4,"seed":"7","seedLocked":1,"theme":"pink","size":[0,4],"sides":{"a":3,"b":{"steps":"8"}}}'],
  ])('fall back to the defaults: %s', (text) => expect(parseSettings(text)).toEqual(defaultSettings));

  it('lose only the field that is wrong', () => {
    const stored = {
      ...everythingSet,
      seed: -1,
      size: [64.5, 64],
      sides: { ...everythingSet.sides, b: { model: '', sampler: 4, steps: 1001, guidance: -2 } },
      promptBlend: { prompt: 'a fox', weight: 1.5 },
    };
    expect(parseSettings(JSON.stringify(stored))).toEqual({
      ...everythingSet,
      seed: defaultSettings.seed,
      size: null,
      sides: { a: everythingSet.sides.a, b: defaultSettings.sides.b },
      promptBlend: { prompt: 'a fox', weight: 0 },
    });
  });

  it('cut a prompt that would not fit storage', () => {
    const stored = JSON.stringify({ ...defaultSettings, prompt: 'x'.repeat(promptLimit + 5) });
    expect(parseSettings(stored).prompt).toHaveLength(promptLimit);
  });
});

describe('sides', () => {
  it('change one at a time, and change places', () => {
    const changed = changeSide(everythingSet, 'a', { steps: 2 });
    expect(changed.sides).toEqual({
      a: { ...everythingSet.sides.a, steps: 2 },
      b: everythingSet.sides.b,
    });
    expect(swapSides(everythingSet).sides).toEqual({
      a: everythingSet.sides.b,
      b: everythingSet.sides.a,
    });
  });
});

describe('fields say what is wrong', () => {
  it.each([1, 25, 50])('steps %d are right', (steps) => expect(stepsProblem(steps)).toBe(''));
  it.each([0, 51, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])('steps %d are not', (steps) =>
    expect(stepsProblem(steps)).toBe('1 to 50'),
  );
  it('by what the model takes', () => {
    expect(stepsProblem(8, { minimum: 1, maximum: 4 })).toBe('1 to 4');
    expect(stepsProblem(2, { minimum: 1, maximum: 1 })).toBe('1');
  });
  it.each([0, 7, Number.MAX_SAFE_INTEGER])('seed %d is right', (seed) => expect(seedProblem(seed)).toBe(''));
  it.each([-1, 2 ** 53, 0.5])('seed %d is not', (seed) => expect(seedProblem(seed)).not.toBe(''));
  it('an empty seed asks for a number', () => expect(seedProblem(Number.NaN)).toBe('A whole number'));
});
