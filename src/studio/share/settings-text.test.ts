import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PictureSettings } from './picture-settings.ts';
import { formatSettingsText, parseSettingsText } from './settings-text.ts';

const settings: PictureSettings = {
  prompt: 'a red apple, flat style',
  negativePrompt: '',
  seed: 7,
  stepCount: 25,
  guidanceScale: 1.5,
  sampler: 'rectified-flow',
  model: '2-rf-nano',
  width: 64,
  height: 64,
  promptBlend: null,
  seedBlend: null,
};

describe("a picture's settings as text", () => {
  it('is laid out as AUTOMATIC1111 does', () => {
    expect(formatSettingsText({ ...settings, negativePrompt: 'blurry' }, 'InstaFlow Studio 0.1.0')).toBe(
      [
        'a red apple, flat style',
        'Negative prompt: blurry',
        'Steps: 25, Sampler: rectified-flow, CFG scale: 1.5, Seed: 7, Size: 64x64, Model: 2-rf-nano, Version: InstaFlow Studio 0.1.0',
      ].join('\n'),
    );
  });

  it('comes back as it was', () => {
    // Text that is itself laid out like settings can't be told from them; nobody types that.
    const words = fc
      .string({ unit: 'grapheme', maxLength: 80 })
      .map((text) => text.replaceAll('Negative prompt:', '').trim());
    fc.assert(
      fc.property(
        fc.record({
          prompt: words,
          negativePrompt: words,
          seed: fc.maxSafeNat(),
          stepCount: fc.integer({ min: 1, max: 1000 }),
          guidanceScale: fc.double({ min: 0, max: 30, noNaN: true }).map(Math.abs),
          sampler: fc.constantFrom('rectified-flow', 'dpm-solver-multistep', null),
          model: fc.constantFrom('2-rf-nano', 'someone/model: "v2", final'),
          width: fc.integer({ min: 8, max: 2048 }),
          height: fc.integer({ min: 8, max: 2048 }),
          promptBlend: fc.option(fc.record({ prompt: words, weight: fc.constantFrom(0.5, 1) })),
          seedBlend: fc.option(fc.record({ seed: fc.maxSafeNat(), weight: fc.constantFrom(0.25, 1) })),
          adapters: fc.constantFrom(
            [],
            [{ id: 'oil, "old" painting.safetensors', strength: 0.35 }],
            [
              { id: 'a.safetensors (2)', strength: 1 },
              { id: 'tuned.safetensors', strength: 0.5, original: 'sd-nano' },
            ],
          ),
          decoding: fc.constantFrom('fast' as const, undefined),
        }),
        (all) => {
          const { adapters, decoding, ...given } = all;
          const { sampler, ...others } = given;
          expect(parseSettingsText(formatSettingsText(all, 'InstaFlow Studio'))).toEqual({
            ...others,
            ...(sampler !== null && { sampler }),
            ...(adapters.length > 0 && { adapters }),
            ...(decoding && { decoding }),
          });
        },
      ),
    );
  });

  it('says blended noise as others say it', () => {
    const text = formatSettingsText({ ...settings, seedBlend: { seed: 8, weight: 0.5 } }, 'InstaFlow Studio');
    expect(text).toContain('Variation seed: 8, Variation seed strength: 0.5');
  });

  it("reads other programs' texts", () => {
    const text = [
      'masterpiece, a fox',
      'in two lines',
      'Negative prompt: lowres,',
      'bad hands',
      'Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 3141592653, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned, Lora hashes: "a: 1, b: 2", Version: v1.9.4',
    ].join('\n');
    expect(parseSettingsText(text)).toEqual({
      prompt: 'masterpiece, a fox\nin two lines',
      negativePrompt: 'lowres,\nbad hands',
      stepCount: 20,
      sampler: 'DPM++ 2M Karras',
      guidanceScale: 7,
      seed: 3141592653,
      width: 512,
      height: 768,
      model: 'v1-5-pruned',
      promptBlend: null,
      seedBlend: null,
    });
  });

  it('leaves out what is out of range and keeps the rest', () => {
    const read = parseSettingsText('a fox\nSteps: 0, Seed: -1, CFG scale: high, Size: 1x, Model: m, Seed: 4');
    expect(read).toEqual({
      prompt: 'a fox',
      negativePrompt: '',
      seed: 4,
      model: 'm',
      promptBlend: null,
      seedBlend: null,
    });
  });

  it.each([
    '',
    'a caption',
    'one: two, three: four, five: six',
    'Software: x, Steps: many, Seed: 99999999999999999999',
  ])('names no setting: %j', (text) => expect(parseSettingsText(text)).toBeNull());

  it('answers whatever it is given, in time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const read = parseSettingsText(text);
        expect(read === null || typeof read.prompt === 'string').toBe(true);
      }),
    );
    // Nothing in the pattern may take time that grows with the square of a line.
    const began = performance.now();
    for (const part of ['a ', 'a:"', '"\\', ' ', 'a: 1,']) parseSettingsText(part.repeat(150_000));
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
