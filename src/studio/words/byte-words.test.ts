import { expect, it } from 'vitest';
import { bytesPerSecondText, bytesText, timeLeftText } from './byte-words.ts';

it('writes amounts with three digits and decimal units', () => {
  expect([0, 999, 1000, 12_345, 999_600, 334_643_268, 999_600_000, 4_265_076_684].map(bytesText)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 KB',
    '12 KB',
    '1.00 MB',
    '335 MB',
    '1.00 GB',
    '4.27 GB',
  ]);
  expect(bytesPerSecondText(24_300_000.4)).toBe('24.3 MB/s');
});

it('rounds times as far as they are known', () => {
  expect([2, 42, 100, 3599, 7500].map(timeLeftText)).toEqual([
    'a few seconds left',
    '40 s left',
    '2 min left',
    '1 h 0 min left',
    '2 h 5 min left',
  ]);
});
