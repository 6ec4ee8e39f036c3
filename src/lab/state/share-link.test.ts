import { describe, expect, it } from 'vitest';
import { hrefOf, parsePlace } from '../../route.ts';
import { openingSettings, type Place, readPlace, strokeLimit, writePlace } from './share-link.ts';

const through = (place: Place): Place => readPlace(parsePlace(hrefOf('lab', writePlace(place))).parameters);

describe('share link', () => {
  it('of the opening laboratory is empty', () => {
    expect(writePlace({ settings: openingSettings, flows: 0 }).toString()).toBe('');
    expect(through({ settings: openingSettings, flows: 0 })).toEqual({ settings: openingSettings, flows: 0 });
  });

  it('reads what it wrote', () => {
    const place: Place = {
      settings: {
        from: { kind: 'preset', name: 'gaussian' },
        to: {
          kind: 'drawn',
          strokes: [
            [-1.25, 0.5, 2, 3],
            [0.01, -0.99],
          ],
        },
        coupling: 'given',
        model: 'kernel',
        bandwidth: 0.2,
        steps: 321,
        seed: 4_294_967_295,
      },
      flows: 3,
    };
    expect(through(place)).toEqual(place);
  });

  it('leaves at its default what can’t be read', () => {
    const strokes = Array(strokeLimit.strokes + 1)
      .fill('1.1')
      .join('_');
    for (const bad of [
      'from=nowhere&steps=1&seed=-1&flows=4&bandwidth=9',
      'steps=abc&seed=1.5&model=x&coupling=y',
      'from=drawn:&to=drawn:1',
      'from=drawn:NaN.1&to=drawn:9999.1',
      `from=drawn:${strokes}`,
    ]) {
      expect(readPlace(new URLSearchParams(bad)), bad).toEqual({ settings: openingSettings, flows: 0 });
    }
  });
});
