import { describe, expect, it } from 'vitest';
import { createPreviewBudget } from './preview-budget.ts';

/** @returns after which of `count` evaluations a preview was decoded */
function previewed(count: number, evaluationMs: number, decodeMs: number): number[] {
  const budget = createPreviewBudget(decodeMs);
  const steps: number[] = [];
  for (let i = 0; i < count; i++) {
    budget.evaluated(evaluationMs);
    if (!budget.allows()) continue;
    budget.decoded(decodeMs);
    steps.push(i);
  }
  return steps;
}

describe('the budget of previews', () => {
  it('spreads them over the run, at most 15 % of the evaluations', () => {
    expect(previewed(25, 100, 100)).toEqual([6, 13, 19]);
    for (const decodeMs of [1, 13, 40, 250]) {
      const spent = previewed(50, 20, decodeMs).length * decodeMs;
      expect(spent).toBeLessThanOrEqual(0.15 * 50 * 20);
    }
  });

  it('takes every step where decoding is cheap', () => {
    expect(previewed(10, 100, 10)).toHaveLength(10);
  });

  it('risks no decoding before it knows what one takes', () => {
    const budget = createPreviewBudget(undefined);
    budget.evaluated(10_000);
    expect(budget.allows()).toBe(false);
  });

  it('waits longer after a decoding that took longer than the last', () => {
    const budget = createPreviewBudget(10);
    budget.evaluated(100);
    expect(budget.allows()).toBe(true);
    budget.decoded(60);
    budget.evaluated(600);
    expect(budget.allows()).toBe(false);
    budget.evaluated(100);
    expect(budget.allows()).toBe(true);
  });
});
