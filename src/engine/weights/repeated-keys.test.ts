import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRepeatedKey } from './repeated-keys.ts';

describe('findRepeatedKey', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a" :1, "b":{"c":1},\n"\\u0061" : 2}', 'a'],
    ['[{"x":{"d":1,"e":2,"d":3}}]', 'd'],
    ['{"":1,"":2}', ''],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('finds the key of %s', (json, key) => {
    expect(findRepeatedKey(json)).toBe(key);
  });

  it.each([
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":["b","b"],"b":"\\\\"}',
    '"x"',
  ])('finds none in %s', (json) => {
    expect(findRepeatedKey(json)).toBeUndefined();
  });

  it('finds none in what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        expect(findRepeatedKey(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
    );
  });
});
