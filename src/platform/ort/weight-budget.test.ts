import { expect, it } from 'vitest';
import { assertFitsWhole, HeapBudget, largestWholeBytes } from './weight-budget.ts';

it('refuses what is too large for one piece, with the reason', () => {
  expect(() => assertFitsWhole('unet', largestWholeBytes, 'no JSPI', '')).not.toThrow();
  expect(() => assertFitsWhole('unet', 3.44e9, 'a browser without JSPI', 'Use another.')).toThrow(
    expect.objectContaining({
      code: 'model-too-large',
      subject: 'unet',
      found: '3.4 GB of weights, and a browser without JSPI',
      wanted: 'at most 1.6 GB',
    }),
  );
});

const loads = (released: string[], name: string) => async () => ({
  name,
  dispose: async () => void released.push(name),
});

it('holds the weights of all sessions to one limit, before they load', async () => {
  const heap = new HeapBudget(100);
  const released: string[] = [];
  const a = await heap.hold('a', 60, loads(released, 'a'));
  expect(a.name).toBe('a');
  await expect(heap.hold('b', 50, loads(released, 'b'))).rejects.toMatchObject({
    code: 'out-of-memory',
    found: expect.stringContaining('beside'),
  });
  await expect(heap.hold('c', 101, loads(released, 'c'))).rejects.toMatchObject({ code: 'model-too-large' });
  await a.dispose();
  await a.dispose();
  expect(released[0]).toBe('a');
  await heap.hold('b', 100, loads(released, 'b'));
  await expect(heap.hold('d', 1, loads(released, 'd'))).rejects.toMatchObject({ code: 'out-of-memory' });
});

it('gives the room of a load that failed back', async () => {
  const heap = new HeapBudget(100);
  const fails = async () => Promise.reject(new Error('no'));
  await expect(heap.hold('a', 90, fails)).rejects.toThrow('no');
  await expect(heap.hold('b', 90, loads([], 'b'))).resolves.toMatchObject({ name: 'b' });
});
