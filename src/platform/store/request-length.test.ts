import { describe, expect, it } from 'vitest';
import { RequestLengths } from './request-length.ts';

const blockBytes = 4 * 1024 * 1024;

/** Blocks that come at a rate that depends on how they are asked for; @returns the lengths asked for, in order. */
function follow(
  bytesPerSecond: (length: { lanes: number; blocks: number }) => number,
  blockCount = 400,
): string[] {
  let now = 0;
  const lengths = new RequestLengths(6, 0, () => now);
  const seen: string[] = [];
  /** Blocks that were asked for, with the rate they come at. */
  const underWay: number[] = [];
  for (let i = 0; i < blockCount; i++) {
    const { lanes, blocks } = lengths.length;
    while (underWay.length < lanes * blocks && i + underWay.length < blockCount) {
      const name = `${lanes} x ${blocks}`;
      if (seen.at(-1) !== name) seen.push(name);
      for (let k = 0; k < blocks; k++) underWay.push(bytesPerSecond(lengths.length));
    }
    now += (blockBytes / underWay.shift()!) * 1000;
    lengths.came(i, blockBytes, i + 1 + underWay.length);
  }
  return seen;
}

describe('RequestLengths', () => {
  it('asks for one block at a time on a line that is no burden to the processor', () => {
    expect(follow(() => 12e6)).toEqual(['6 x 1']);
  });

  it('changes to long requests where a single one is as fast', () => {
    expect(follow(() => 200e6)).toEqual(['6 x 1', '1 x 8', '1 x 128']);
    expect(follow(({ lanes }) => (lanes === 1 ? 185e6 : 200e6))).toEqual(['6 x 1', '1 x 8', '1 x 128']);
  });

  it('is not misled by short requests that end together', () => {
    let now = 0;
    const lengths = new RequestLengths(6, 0, () => now);
    let i = 0;
    const wave = () => {
      now += 500;
      for (let k = 0; k < 6; k++, i++) lengths.came(i, blockBytes, i + 6);
    };
    while (lengths.length.lanes > 1) wave();
    // One connection that takes the whole line: a sixth of the time for each block.
    for (const end = i + 30; i < end; i++) {
      now += 500 / 6;
      lengths.came(i, blockBytes, i + 8);
    }
    expect(lengths.length).toEqual({ lanes: 1, blocks: 128 });
  });

  it('stays with several where connections are slow one by one', () => {
    expect(follow(({ lanes }) => lanes * 20e6)).toEqual(['6 x 1', '1 x 8', '6 x 1']);
  });

  it('begins to try when the line becomes fast', () => {
    let asked = 0;
    expect(follow(() => (asked++ < 100 ? 10e6 : 300e6))).toEqual(['6 x 1', '1 x 8', '1 x 128']);
  });
});
