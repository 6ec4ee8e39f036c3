import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bfloatsToFloats, floatToHalf, halfToFloat } from './float16.ts';

describe('float16', () => {
  it('round-trips every finite half', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfToFloat(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(halfToFloat(floatToHalf(value)))).toBe(true);
      else expect(floatToHalf(value)).toBe(bits);
    }
  });

  it('rounds to the nearest half, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const bits = floatToHalf(value);
        const error = Math.abs(halfToFloat(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          if ((neighbour & 0x7c00) === 0x7c00 || (neighbour & 0x8000) !== (bits & 0x8000)) continue;
          const other = Math.abs(halfToFloat(neighbour) - value);
          expect(error < other || (error === other && (bits & 1) === 0)).toBe(true);
        }
      }),
    );
  });

  it('overflows to infinity from 65520 on', () => {
    expect(halfToFloat(floatToHalf(65519.99))).toBe(65504);
    expect(halfToFloat(floatToHalf(65520))).toBe(Number.POSITIVE_INFINITY);
    expect(halfToFloat(floatToHalf(-1e9))).toBe(Number.NEGATIVE_INFINITY);
  });

  it('widens bfloat16 by shifting', () => {
    const target = new Float32Array(2);
    bfloatsToFloats(new Uint16Array([0x3fc0, 0xc2f7]), target);
    expect([...target]).toEqual([1.5, -123.5]);
  });
});
