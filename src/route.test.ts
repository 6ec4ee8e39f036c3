import { describe, expect, it } from 'vitest';
import { hrefOf, parsePlace } from './route.ts';

describe('route', () => {
  it('opens the studio for no hash and for an unknown one', () => {
    expect(['', '#', '#/', '#/nowhere', '#lab', '#/lab/'].map((hash) => parsePlace(hash).route)).toEqual(
      Array(6).fill('studio'),
    );
  });

  it('reads a page and its own state', () => {
    const { route, parameters } = parsePlace('#/lab?from=two%20moons&seed=7');
    expect(route).toBe('lab');
    expect(Object.fromEntries(parameters)).toEqual({ from: 'two moons', seed: '7' });
  });

  it('writes what it reads', () => {
    for (const route of ['studio', 'gallery', 'lab', 'engine', 'how'] as const) {
      const parameters = new URLSearchParams({ points: '1,2;3?4#5&6', seed: '9' });
      const place = parsePlace(hrefOf(route, parameters));
      expect(place.route).toBe(route);
      expect([...place.parameters]).toEqual([...parameters]);
      expect(parsePlace(hrefOf(route)).route).toBe(route);
    }
  });
});
