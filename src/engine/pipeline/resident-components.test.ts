import { beforeEach, expect, it } from 'vitest';
import { ResidentComponents } from './resident-components.ts';

let released: string[];
beforeEach(() => {
  released = [];
});
const component = (name: string) => ({
  dispose: async () => {
    released.push(name);
  },
});

it('releases the least recently used beyond a number', async () => {
  const [a, b, c] = [component('a'), component('b'), component('c')];
  const residents = new ResidentComponents({ count: 2, bytes: 100 });
  await residents.admit(a, 1);
  await residents.admit(b, 1);
  await residents.admit(a, 1);
  expect(released).toEqual([]);
  await residents.admit(c, 1);
  expect(released).toEqual(['b']);
  await residents.admit(b, 1);
  expect(released).toEqual(['b', 'a']);
});

it('releases what is needed to stay within the bytes, never the one that is wanted', async () => {
  const [a, b, c] = [component('a'), component('b'), component('c')];
  const residents = new ResidentComponents({ count: 9, bytes: 100 });
  await residents.admit(a, 40);
  await residents.admit(b, 60);
  expect(released).toEqual([]);
  await residents.admit(c, 30);
  expect(released).toEqual(['a']);
  await residents.admit(a, 170);
  expect(released).toEqual(['a', 'b', 'c']);
  await residents.admit(c, 1);
  expect(released).toEqual(['a', 'b', 'c', 'a']);
});
