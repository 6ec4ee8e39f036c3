import { describe, expect, it } from 'vitest';
import { layTokenWindow } from './token-window.ts';

const window = { start: 100, end: 101, pad: 0, length: 6 };

describe('layTokenWindow', () => {
  it.each([
    [[], [100, 101, 0, 0, 0, 0], 0],
    [[7], [100, 7, 101, 0, 0, 0], 1],
    [[1, 2, 3, 4], [100, 1, 2, 3, 4, 101], 4],
    [[1, 2, 3, 4, 5, 6], [100, 1, 2, 3, 4, 101], 4],
  ])('lays %j as %j, keeping %i', (tokens, ids, kept) => {
    expect(layTokenWindow(tokens, window)).toEqual({ ids, kept });
  });
});
