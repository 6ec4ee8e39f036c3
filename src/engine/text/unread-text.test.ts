import { describe, expect, it } from 'vitest';
import { normalisePrompt, unreadText } from './unread-text.ts';

describe('unreadText', () => {
  it.each([
    ['a red apple', 9, ''],
    ['a red apple', 4, 'apple'],
    ['a red apple', 5, 'pple'],
    ['a red  apple ', 4, 'apple'],
    ['', 0, ''],
    ['cafe\u0301 noir', 5, 'noir'], // é is two bytes once composed
    ['cafe\u0301 noir', 4, 'e\u0301 noir'], // half read counts as unread
    ['猫猫犬', 6, '犬'],
    ['👩‍👩‍👧 family', 18, 'family'],
    ['İstanbul city', 10, 'city'], // i and a combining dot: three bytes
  ])('of %j after %i bytes is %j', (prompt, bytes, rest) => {
    expect(unreadText(prompt, bytes)).toBe(rest);
  });
});

describe('normalisePrompt', () => {
  it('lowers a final sigma like any other', () => {
    expect(normalisePrompt('ΟΔΟΣ ς')).toBe('οδοσ ς');
  });
});
