import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hrefOf, parsePlace } from '../../route.ts';
import { type DrawSettings, defaultSettings, parseDrawSettings } from '../state/settings.ts';
import { readShareParameters, shareParameters } from './share-link.ts';

const through = (settings: DrawSettings): DrawSettings | null =>
  readShareParameters(parsePlace(hrefOf('studio', shareParameters(settings))).parameters);

const side = fc.record({
  model: fc.constantFrom(null, 'instaflow-nano', 'XCLiu/2_rectified_flow'),
  sampler: fc.constantFrom(null, 'ddim'),
  steps: fc.integer({ min: 1, max: 1000 }),
  guidance: fc.option(fc.double({ min: 0, max: 30, noNaN: true }).map(Math.abs)),
  adapters: fc.constant([]),
  decoding: fc.constantFrom('full' as const, 'fast' as const),
});
const weight = fc.constantFrom(0, 0.25, 1);

describe('a share link', () => {
  it('carries a comparison as it is', () => {
    fc.assert(
      fc.property(
        fc.record({
          prompt: fc.string({ unit: 'grapheme' }),
          negativePrompt: fc.string({ unit: 'grapheme' }),
          seed: fc.maxSafeNat(),
          size: fc.option(fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 4096 }))),
          sides: fc.record({ a: side, b: side }),
          promptBlend: fc.record({ prompt: fc.string(), weight }),
          seedBlend: fc.record({ seed: fc.maxSafeNat(), weight }),
        }),
        (settings) => {
          const { promptBlend, seedBlend } = settings;
          // A blend of weight 0 is none.
          expect(through(settings)).toEqual({
            ...settings,
            promptBlend: promptBlend.weight > 0 ? promptBlend : defaultSettings.promptBlend,
            seedBlend: seedBlend.weight > 0 ? seedBlend : defaultSettings.seedBlend,
          });
        },
      ),
    );
  });

  it('is short and legible', () => {
    const sides = {
      a: { ...defaultSettings.sides.a, model: 'instaflow-nano' },
      b: { ...defaultSettings.sides.b, model: '2-rf-nano', guidance: 1.5 },
    };
    expect(hrefOf('studio', shareParameters({ ...defaultSettings, sides }))).toBe(
      '#/?prompt=a+red+apple&seed=7&a=instaflow-nano&a.steps=1&b=2-rf-nano&b.steps=25&b.guidance=1.5',
    );
  });

  it('that was cut or bent draws what is left of it', () => {
    const read = readShareParameters(
      new URLSearchParams('prompt=an+owl&seed=-4&b=2-rf-nano&b.steps=lots&size=4'),
    );
    expect(read).toEqual({
      ...parseDrawSettings({}),
      prompt: 'an owl',
      sides: { ...defaultSettings.sides, b: { ...defaultSettings.sides.b, model: '2-rf-nano' } },
    });
  });

  it('is none without a word of a comparison', () => {
    expect(readShareParameters(new URLSearchParams('utm_source=x'))).toBeNull();
    expect(readShareParameters(new URLSearchParams())).toBeNull();
  });
});
