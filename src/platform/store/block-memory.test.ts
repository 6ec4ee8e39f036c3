import { describe, expect, it } from 'vitest';
import { BlockMemory } from './block-memory.ts';

describe('BlockMemory', () => {
  it('gives the same memory again, and never more blocks than its limit', async () => {
    const memory = new BlockMemory(100, 2);
    const first = await memory.take(100);
    const second = await memory.take(40);
    expect([first.length, second.length]).toEqual([100, 40]);
    let third: Uint8Array<ArrayBuffer> | undefined;
    const waiting = memory.take(60).then((bytes) => {
      third = bytes;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(third).toBeUndefined();
    memory.give(second.buffer);
    await waiting;
    expect(third!.buffer).toBe(second.buffer);
    expect(third!.length).toBe(60);
  });

  it('makes room for a block that is larger than most', async () => {
    const memory = new BlockMemory(100, 1);
    memory.give((await memory.take(10)).buffer);
    expect((await memory.take(1000)).length).toBe(1000);
  });

  it('lets nobody wait once it is closed', async () => {
    const memory = new BlockMemory(100, 1);
    await memory.take(10);
    const waiting = memory.take(10);
    memory.close();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await expect(memory.take(10)).rejects.toMatchObject({ code: 'aborted' });
  });
});
