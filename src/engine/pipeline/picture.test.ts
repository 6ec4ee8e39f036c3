import { expect, it } from 'vitest';
import { floatTensor } from '../core/tensor.ts';
import { toPicture } from './picture.ts';

it('clamps, and rounds half to even as numpy does', () => {
  // In float32 -0.4 is 76.5 and 0 is 127.5, exactly.
  const red = [-0.4, 0, -0.8];
  const green = [-7, 7, 1];
  const blue = [-1, 0.5, -0.996];
  const { rgba, width, height } = toPicture(
    floatTensor([1, 3, 1, 3], Float32Array.from([...red, ...green, ...blue])),
  );
  expect([width, height]).toEqual([3, 1]);
  expect([...rgba]).toEqual([76, 0, 0, 255, 128, 255, 191, 255, 25, 255, 1, 255]);
});
