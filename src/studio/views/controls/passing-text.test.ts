import { expect, it } from 'vitest';
import { staysMs } from './passing-text.ts';

it('a word goes soon, a sentence when it can have been read', () => {
  expect(staysMs('Saved')).toBe(2400);
  expect(staysMs('x'.repeat(100))).toBe(6000);
});
