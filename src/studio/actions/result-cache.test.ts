import { describe, expect, it } from 'vitest';
import { doneSide } from '../test/sample-runs.ts';
import { createResultCache } from './result-cache.ts';

describe('the result cache', () => {
  it('keeps the runs that were used last', () => {
    const cache = createResultCache(2);
    const [one, two, three] = [doneSide(), doneSide(), doneSide()];
    cache.set('one', one);
    cache.set('two', two);
    expect(cache.get('one')).toBe(one);
    cache.set('three', three);
    expect([cache.get('one'), cache.get('two'), cache.get('three')]).toEqual([one, undefined, three]);
    cache.clear();
    expect(cache.get('one')).toBeUndefined();
  });
});
