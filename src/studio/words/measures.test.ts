import { describe, expect, it } from 'vitest';
import {
  bytesText,
  millisecondsText,
  numberOfMilliseconds,
  rateText,
  ratioText,
  remainingText,
  secondsText,
  straightnessText,
} from './measures.ts';

describe('measured values', () => {
  it.each([
    [17, '0.017'],
    [140, '0.14'],
    [4330, '4.33'],
    [45_600, '45.6'],
    [128_000, '128'],
    [0, '0.000'],
  ])('%d ms reads %s s', (ms, text) => expect(secondsText(ms)).toBe(text));

  it.each([
    [0, '0'],
    [4.26, '4.3'],
    [9.96, '10'],
    [93.4, '93'],
  ])('%d ms among others reads %s', (ms, text) => expect(numberOfMilliseconds(ms)).toBe(text));

  it('turns to seconds when milliseconds grow long', () => {
    expect(millisecondsText(940)).toBe('940 ms');
    expect(millisecondsText(12_300)).toBe('12.3 s');
  });

  it.each([
    [1, '1.0×'],
    [3.24, '3.2×'],
    [9.97, '10×'],
    [30.4, '30×'],
  ])('a ratio of %d reads %s', (factor, text) => expect(ratioText(factor)).toBe(text));

  it.each([
    [-5, '0.1 s'],
    [20, '0.1 s'],
    [2440, '2.4 s'],
    [9960, '10 s'],
    [89_000, '89 s'],
    [150_000, '3 min'],
  ])('%d ms left reads %s', (ms, text) => expect(remainingText(ms)).toBe(text));

  it('writes bytes in decimal units', () => {
    expect([bytesText(999), bytesText(8_830_000), bytesText(2.13e9)]).toEqual(['1 KB', '8.8 MB', '2.13 GB']);
  });

  it('does not round a small straightness to nothing', () => {
    expect([straightnessText(0), straightnessText(0.0334), straightnessText(0.00042)]).toEqual([
      '0',
      '0.033',
      '0.0004',
    ]);
  });
});

describe('rates', () => {
  it.each([
    [140, '7.1 a second'],
    [40, '25 a second'],
    [4000, '0.3 a second'],
  ])('%d ms between are %s', (milliseconds, text) => expect(rateText(milliseconds)).toBe(text));
});
