/** The expressions of PEFT's alpha_pattern, matched as Python's re matches them, in a time that can be told beforehand. */
import { expect, it } from 'vitest';
import { parseModulePattern } from './module-pattern.ts';

const query = 'down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_q';

it.each<[string, string, boolean]>([
  ['to_q', query, true],
  ['attn1.to_q', query, true],
  ['1.to_q', query, false],
  [query, query, true],
  ['^down_blocks.*to_q$', query, true],
  ['^down_blocks.*to_q', `${query}_not`, false],
  ['^attentions.*to_q', query, false],
  ['attentions.*to_q', query, true],
  ['.*', query, true],
  ['.*attn2.*', query, false],
  ['.*(attn1|attn2)\\.to_(q|k)', query, true],
  ['.*(?:attn2|ff).*', query, false],
  ['down_blocks\\.[0-2]\\..*\\.to_[^kv]', query, true],
  ['down_blocks\\.[1-3]\\..*', query, false],
  ['down_blocks.\\d+.*?attn\\d.to_\\w', query, true],
  ['(attn\\d\\.)?to_q', query, true],
  ['(attn\\d\\.)?to_k', query, false],
  ['x?y?to_q', query, true],
  ['to_q|to_k', query, true],
  ['^to_k|.*to_q', query, true],
  ['(ab)+', 'x.ababab', true],
  ['(ab)+', 'x.ababa', false],
  ['(ab)*', 'x.', true],
  ['(ab)+', 'x.', false],
  ['(a|ab)*c', 'abac', true],
  ['', 'x', false],
])('%s on %s: %s', (pattern, name, matches) => {
  expect(parseModulePattern(pattern, 'alpha_pattern')(name)).toBe(matches);
  // JavaScript's own expressions agree with Python's on these.
  expect(new RegExp(`^(.*\\.)?(${pattern})$`).test(name)).toBe(matches);
});

it.each([
  '(a+)+',
  '(x(a|b*)y)*',
  '(?=a)b',
  '(?P<name>a)',
  '(a)\\1',
  'a{2}',
  'a**',
  '*a',
  'a++',
  '(a',
  'a)',
  '[a',
  '[z-a]',
  '[]a]',
  '\\b',
  'a\\',
  'a'.repeat(257),
])('refuses %s by name', (pattern) => {
  expect(() => parseModulePattern(pattern, 'config: alpha_pattern')).toThrow(
    expect.objectContaining({ code: 'config-unsupported', subject: 'config: alpha_pattern' }),
  );
});

it('is done in no time where a backtracking engine is not', () => {
  // Of 1,024 characters: a hundred repetitions that all could have had each of them.
  const matches = parseModulePattern(`${'.*a'.repeat(60)}b`, 'alpha_pattern');
  const begun = performance.now();
  expect(matches('a.'.repeat(512))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1000);
});
