import { describe, expect, it } from 'vitest';
import { floatsToHalves } from '../../engine/core/float16.ts';
import { narrow } from './native-halves.ts';

describe('narrow', () => {
  it('writes what the engine writes, NaNs included', () => {
    const bits = Uint32Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 2654435761) >>> 0);
    const special = [0x7fc00000, 0xffc00001, 0x7f800001, 0x7f800000, 0xff800000, 0x80000000, 0x33000000];
    const floats = new Float32Array(Uint32Array.of(...bits, ...special).buffer).map((value) =>
      Number.isFinite(value) ? value % 65504 : value,
    );
    const wanted = new Uint16Array(floats.length);
    floatsToHalves(floats, wanted);
    const found = new Uint16Array(floats.length);
    expect(narrow(floats, found)).toBeUndefined();
    expect(found).toEqual(wanted);
  });

  it('tells the first number that float16 cannot hold', () => {
    const target = new Uint16Array(4);
    expect(narrow(Float32Array.of(65519, Number.POSITIVE_INFINITY, 65520, 1e9), target)).toBe(2);
  });
});
