import { describe, expect, it } from 'vitest';
import { frameAt, frameSizeFor, framesShown } from './strip-layout.ts';

describe('a filmstrip', () => {
  it('shows all frames when they fit, smaller ones rather than fewer', () => {
    expect(frameSizeFor(900, 25)).toBe(34);
    expect(frameSizeFor(792, 25)).toBe(30);
    expect(framesShown(25, 792, 30)).toHaveLength(26);
    expect(framesShown(1, 300, 34)).toEqual([0, 1]);
  });

  it('leaves frames out evenly where there is no room, never the first or last', () => {
    expect(frameSizeFor(290, 25)).toBe(34);
    expect(framesShown(25, 290, 34)).toEqual([0, 4, 8, 13, 17, 21, 25]);
    expect(framesShown(50, 900, 34)).toHaveLength(26);
  });

  it('never lets frames cover each other', () => {
    for (let last = 1; last <= 50; last++) {
      for (const width of [250, 290, 500, 792, 900, 1400]) {
        const frame = frameSizeFor(width, last);
        const shown = framesShown(last, width, frame);
        expect([shown[0], shown.at(-1)]).toEqual([0, last]);
        const gaps = shown.slice(1).map((index, i) => ((index - shown[i]!) * (width - frame)) / last);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(frame - 1);
      }
    }
  });

  it('is empty of all but the noise before it has a width', () => {
    expect(framesShown(4, 0, 34)).toEqual([0]);
    expect(frameAt(3, 0, 34, 4)).toBe(0);
  });

  it('is pointed at by frame', () => {
    expect([0, 17, 450, 883, 900, 2000].map((x) => frameAt(x, 900, 34, 25))).toEqual([0, 0, 13, 25, 25, 25]);
  });
});
