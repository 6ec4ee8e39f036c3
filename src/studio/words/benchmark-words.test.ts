import { expect, it } from 'vitest';
import type { BenchmarkRun } from '../benchmark/benchmark.ts';
import { hiddenRunsText, variationText } from './benchmark-words.ts';

const run = (tabHidden: boolean): BenchmarkRun => ({
  loadMs: 0,
  textMs: 1,
  stepMs: [1],
  decodeMs: 1,
  totalMs: 3,
  tabHidden,
});

it.each([
  [false, [false, false], ''],
  [true, [false, false], 'This tab was hidden in the cold run: browsers slow that down'],
  [false, [false, true], 'This tab was hidden in 1 of 2 warm runs: browsers slow that down'],
  [true, [true, true], 'This tab was hidden in the cold run and 2 of 2 warm runs: browsers slow that down'],
])('cold %j, warm %j: "%s"', (cold, warm, text) => {
  expect(hiddenRunsText({ cold: run(cold), warm: warm.map(run) })).toBe(text);
});

it('names the decoder and the files of a side only where there are any', () => {
  expect(variationText({ decoding: 'full', adapterStrengths: [] })).toBe('');
  expect(variationText({ decoding: 'fast', adapterStrengths: [1] })).toBe(', fast decoder, 1 LoRA file');
  expect(variationText({ decoding: 'full', adapterStrengths: [1, 0.5] })).toBe(', 2 LoRA files');
});
