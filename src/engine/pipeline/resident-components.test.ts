import { beforeEach, describe, expect, it } from 'vitest';
import { type ModelPart, ResidentComponents, type ResidentLimits } from './resident-components.ts';

let released: string[];
beforeEach(() => {
  released = [];
});

/** `use(name, bytes)` admits a component of that name, the same one each time. */
function residents(limits: Partial<ResidentLimits>) {
  const told: unknown[] = [];
  const all = new ResidentComponents({ count: 9, bytes: 1e9, totalBytes: 1e9, ...limits }, (component) =>
    told.push(component),
  );
  const components = new Map<string, { dispose(): Promise<void> }>();
  const use = async (name: string, sizeBytes: number, part: ModelPart = 'network') => {
    const component = components.get(name) ?? { dispose: async () => void released.push(name) };
    components.set(name, component);
    await all.admit(component, { part, folder: name, sizeBytes });
  };
  const forget = (name: string) => all.forget(components.get(name)!);
  return { all, use, forget, told };
}

it('releases the least recently used beyond a number', async () => {
  const { use, told } = residents({ count: 2 });
  await use('a', 1);
  await use('b', 1);
  await use('a', 1);
  expect(released).toEqual([]);
  await use('c', 1);
  expect(released).toEqual(['b']);
  await use('b', 1);
  expect(released).toEqual(['b', 'a']);
  expect(told).toHaveLength(2);
});

it('tells what is loaded', async () => {
  const { all, use } = residents({ count: 2 });
  for (const name of ['a', 'b', 'a', 'c']) await use(name, 1);
  expect(all.loaded.map(({ folder }) => folder)).toEqual(['a', 'c']);
});

it('releases what is needed to stay within the bytes, never the one that is wanted', async () => {
  const { use } = residents({ bytes: 100 });
  await use('a', 40);
  await use('b', 60);
  expect(released).toEqual([]);
  await use('c', 30);
  expect(released).toEqual(['a']);
  await use('a', 170);
  expect(released).toEqual(['a', 'b', 'c']);
  await use('c', 1);
  expect(released).toEqual(['a', 'b', 'c', 'a']);
});

describe('all kinds together', () => {
  it('keeps the encoder where it fits beside the others', async () => {
    const { use } = residents({ totalBytes: 100 });
    await use('encoder', 20, 'text encoder');
    await use('unet', 70);
    await use('vae', 10, 'decoder');
    await use('encoder', 20, 'text encoder');
    expect(released).toEqual([]);
  });

  it('frees the encoder for the network, then the decoder for the encoder, never the network', async () => {
    const { use } = residents({ totalBytes: 100 });
    await use('encoder', 20, 'text encoder');
    await use('unet', 95);
    expect(released).toEqual(['encoder']);
    await use('vae', 10, 'decoder');
    expect(released).toEqual(['encoder']);
    await use('encoder', 20, 'text encoder');
    expect(released).toEqual(['encoder', 'vae']);
  });

  it('counts no longer what was disposed otherwise', async () => {
    const { use, forget } = residents({ totalBytes: 100 });
    await use('encoder', 20, 'text encoder');
    await use('unet', 80);
    forget('unet');
    await use('other', 75);
    expect(released).toEqual([]);
  });
});
