import { expect, it } from 'vitest';
import { timestepEmbedding } from './timestep-embedding.ts';

const config = { timestepChannels: 4, flipSinToCos: true, frequencyShift: 0 };

it('puts cosines first and takes fractional timesteps as they are', () => {
  const t = 957.375;
  const wanted = [Math.cos(t), Math.cos(t / 100), Math.sin(t), Math.sin(t / 100)];
  const found = timestepEmbedding(config, [0, t]);
  expect([...found.subarray(0, 4)]).toEqual([1, 1, 0, 0]);
  // The angle is a float32: near 1000 it is good to 3e-5.
  for (const [i, value] of wanted.entries()) expect(Math.abs(found[4 + i]! - value)).toBeLessThan(4e-5);
});

it('can put sines first and shift frequencies', () => {
  const found = timestepEmbedding({ timestepChannels: 4, flipSinToCos: false, frequencyShift: 1 }, [2]);
  const wanted = [Math.sin(2), Math.sin(2e-4), Math.cos(2), Math.cos(2e-4)];
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 6);
});
