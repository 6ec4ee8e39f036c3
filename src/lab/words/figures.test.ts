import { describe, expect, it } from 'vitest';
import { countText, distanceText, measureText } from './figures.ts';
import { jobTitle } from './names.ts';

describe('numbers in words', () => {
  it('have three digits, a true minus, and no more than can be told', () => {
    expect([2.2, 0.00094123, 16, -0.5].map(measureText)).toEqual(['2.20', '0.000941', '16.0', '−0.500']);
    expect([0.0004, -0.0004, -0.0123, 0.5].map(distanceText)).toEqual(['0.000', '0.000', '−0.012', '0.500']);
    expect(countText(9880)).toBe('9,880');
  });

  it('name the flow that is coming, not the last one', () => {
    expect(jobTitle({ kind: 'flow' }, 1)).toBe('2-flow');
    expect(jobTitle({ kind: 'student', teacher: 2 }, 3)).toBe('Student of the 2-flow');
  });
});
