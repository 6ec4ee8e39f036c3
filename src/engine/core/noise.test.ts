import { describe, expect, it } from 'vitest';
import { gaussianNoise, normalQuantile, philox } from './noise.ts';

describe('gaussianNoise', () => {
  it('is pinned: one seed is one picture in every release', () => {
    expect([...gaussianNoise(4, { seed: 1 })]).toMatchInlineSnapshot(`
      [
        1.227907657623291,
        0.21656405925750732,
        0.4454377293586731,
        -0.06121692433953285,
      ]
    `);
  });

  it('has the moments of a standard normal', () => {
    const count = 200_000;
    const values = gaussianNoise(count, { seed: 7 });
    const moment = (k: number) => values.reduce((sum, x) => sum + x ** k, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
  });

  it('keeps seeds and streams apart, and a longer draw begins with the shorter', () => {
    const first = gaussianNoise(64, { seed: 3 });
    expect([...gaussianNoise(256, { seed: 3 }).subarray(0, 64)]).toEqual([...first]);
    for (const other of [{ seed: 4 }, { seed: 3, stream: 1 }, { seed: 3 + 2 ** 32 }]) {
      const values = gaussianNoise(64, other);
      const correlation = values.reduce((sum, x, i) => sum + x * first[i]!, 0) / 64;
      expect(Math.abs(correlation)).toBeLessThan(0.5);
    }
  });
});

describe('philox', () => {
  // Known-answer vectors of Random123's kat_vectors for philox4x32, 10 rounds.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
  ])('maps %j under key %j as published', (counter, [low, high], words) => {
    const output = new Uint32Array(4);
    philox(new Uint32Array(counter), low!, high!, output);
    expect([...output]).toEqual(words);
  });
});

describe('normalQuantile', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.001, -3.090232306167813],
    [1e-12, -7.034483825301132],
  ])('of %d is %d', (p, quantile) => {
    expect(normalQuantile(p)).toBeCloseTo(quantile, 12);
  });
});
