import { expect, it } from 'vitest';
import { ResidentComponents } from './resident-components.ts';

it('releases the least recently used beyond the limit', async () => {
  const released: string[] = [];
  const component = (name: string) => ({
    dispose: async () => {
      released.push(name);
    },
  });
  const [a, b, c] = [component('a'), component('b'), component('c')];
  const residents = new ResidentComponents(2);
  await residents.admit(a);
  await residents.admit(b);
  await residents.admit(a);
  expect(released).toEqual([]);
  await residents.admit(c);
  expect(released).toEqual(['b']);
  await residents.admit(b);
  expect(released).toEqual(['b', 'a']);
});
