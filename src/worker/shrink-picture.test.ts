import { describe, expect, it } from 'vitest';
import { shrinkPicture } from './shrink-picture.ts';

/** A picture of one grey value a pixel. */
const greys = (width: number, values: readonly number[]) => ({
  width,
  height: values.length / width,
  rgba: new Uint8ClampedArray(values.flatMap((value) => [value, value, value, 255])),
});

describe('a shrunk picture', () => {
  it('has means of blocks', () => {
    const small = shrinkPicture(greys(4, [0, 10, 100, 100, 20, 30, 100, 100]), 2);
    expect(small).toEqual({
      width: 2,
      height: 1,
      rgba: new Uint8ClampedArray([15, 15, 15, 255, 100, 100, 100, 255]),
    });
  });

  it('is the picture itself where that is small enough', () => {
    const picture = greys(2, [1, 2, 3, 4]);
    expect(shrinkPicture(picture, 2)).toBe(picture);
  });

  it('keeps at least a pixel of a narrow one', () => {
    expect(shrinkPicture(greys(1, [0, 50, 100, 150]), 1)).toMatchObject({ width: 1, height: 1 });
  });
});
