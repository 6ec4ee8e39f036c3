import { expect, it } from 'vitest';
import { loadTwice } from './lazy-view.ts';

/** Fails `failures` times, then loads. */
function unsteady(failures: number) {
  let tries = 0;
  return async (): Promise<string> => {
    tries += 1;
    if (tries <= failures) throw new TypeError(`try ${tries} failed`);
    return `try ${tries}`;
  };
}

it('a chunk is asked for a second time, not a third', async () => {
  expect(await loadTwice(unsteady(0), 0)).toBe('try 1');
  expect(await loadTwice(unsteady(1), 0)).toBe('try 2');
  await expect(loadTwice(unsteady(2), 0)).rejects.toThrow('try 2 failed');
});
