import { describe, expect, it } from 'vitest';
import { stepAreaPath, stepCurvePath } from './step-curve.ts';

describe('a step curve', () => {
  it('holds each value over its evaluation, from edge to edge', () => {
    expect(stepCurvePath([0, 0.5, 1, 0.25], 1)).toBe('M0 100.00H25.00V50.00H50.00V0.00H75.00V75.00H100.00');
  });
  it('closes to zero for its area', () => expect(stepAreaPath([1], 2)).toBe('M0 50.00H100.00V100H0Z'));
  it('is empty without values', () => {
    expect(stepCurvePath([], 1)).toBe('');
    expect(stepAreaPath([], 1)).toBe('');
  });
  it('stays in its box', () => expect(stepCurvePath([3], 1)).toBe('M0 0.00H100.00'));
});
