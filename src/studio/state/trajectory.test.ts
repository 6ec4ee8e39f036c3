import { describe, expect, it } from 'vitest';
import { doneSide, picture, runningSide } from '../test/sample-runs.ts';
import { idleSide, type SideRun } from './side.ts';
import {
  frameAtShare,
  frameLatents,
  frameOf,
  lastFrame,
  lastFrameOf,
  missingFrames,
  pathTimes,
  withFrames,
} from './trajectory.ts';

/** A finished run whose pictures were left out but for the result. */
const undecoded = (side: SideRun): SideRun => ({
  ...side,
  noise: null,
  steps: side.steps.map(({ latentsPicture: _, endpointPicture: __, ...step }) => step),
});

describe('a path', () => {
  it('has as many frames as were asked for, and as evaluations that were made in the end', () => {
    expect(lastFrame(idleSide)).toBe(0);
    expect(lastFrame(runningSide(2))).toBe(4);
    // PNDM makes one evaluation more than steps.
    expect(lastFrame({ ...runningSide(4), steps: [...runningSide(4).steps, runningSide(1).steps[0]!] })).toBe(
      5,
    );
    expect(lastFrameOf({ a: doneSide({}, { stepCount: 1 }), b: doneSide() })).toBe(4);
    expect(lastFrameOf({ a: doneSide({}, { stepCount: 9 }), b: doneSide() })).toBe(9);
  });

  it('has times as far as they are known', () => {
    expect(pathTimes(idleSide)).toEqual([]);
    expect(pathTimes(runningSide(2))).toEqual([0, 0.25, 0.5]);
  });
});

describe('frames', () => {
  const side = doneSide();
  it('are noise, z_t after each step, and the picture', () => {
    expect([0, 1, 3, 4].map((i) => frameOf(side, 'path', i)?.rgba[0])).toEqual([1, 100, 102, 255]);
  });

  it('are the end points predicted at each time, and the picture', () => {
    expect([0, 1, 3, 4].map((i) => frameOf(side, 'endpoint', i)?.rgba[0])).toEqual([200, 201, 203, 255]);
  });

  it('of a last step that arrives where it predicted are the picture', () => {
    const arrived = Float32Array.of(1, 0);
    const steps = undecoded(side).steps.map((step, i) =>
      i === 3 ? { ...step, latents: arrived, endpoint: arrived } : step,
    );
    expect(frameOf({ ...undecoded(side), steps }, 'endpoint', 3)).toEqual(picture(255));
    expect(missingFrames({ ...undecoded(side), steps })).not.toContainEqual({ view: 'endpoint', index: 3 });
  });

  it('are empty while they are to come', () => {
    expect(frameOf(runningSide(1), 'path', 2)).toBeNull();
    expect(frameOf(runningSide(1), 'endpoint', 1)).toBeNull();
    expect(frameOf(runningSide(1), 'path', 4)).toBeNull();
  });

  it('are in step on both sides, whatever their counts', () => {
    const shares = [0, 0.1, 0.25, 0.3, 0.5, 0.99, 1];
    expect(shares.map((share) => frameAtShare(share, 4, 'path'))).toEqual([0, 1, 1, 2, 2, 4, 4]);
    expect(shares.map((share) => frameAtShare(share, 4, 'endpoint'))).toEqual([0, 0, 1, 1, 2, 3, 4]);
    // One step: noise at the start, on the way to the picture from then on, which was predicted from the start.
    expect(shares.map((share) => frameAtShare(share, 1, 'path'))).toEqual([0, 1, 1, 1, 1, 1, 1]);
    expect(shares.map((share) => frameAtShare(share, 1, 'endpoint'))).toEqual([0, 0, 0, 0, 0, 0, 1]);
    for (let last = 1; last <= 50; last++) {
      for (let i = 0; i <= last; i++) {
        expect(frameAtShare(i / last, last, 'path')).toBe(i);
        expect(frameAtShare(i / last, last, 'endpoint')).toBe(i);
      }
    }
  });

  it('that are missing are named coarse to fine, never the picture', () => {
    expect(missingFrames(side)).toEqual([]);
    expect(missingFrames(undecoded(side)).map(({ view, index }) => `${view[0]}${index}`)).toEqual([
      'p0',
      'e0',
      'p2',
      'e2',
      'p1',
      'e1',
      'p3',
      'e3',
    ]);
    expect(missingFrames(undecoded(runningSide(2)))).toEqual([]);
    // A draw without previews sends no path: nothing could be decoded.
    const bare = { ...undecoded(side), start: null };
    expect(
      missingFrames({
        ...bare,
        steps: bare.steps.map((step) => ({ ...step, latents: undefined, endpoint: undefined })),
      }),
    ).toEqual([]);
  });

  it('have latents to decode, of the same step', () => {
    expect(frameLatents(side, { view: 'path', index: 0 })).toEqual(Float32Array.of(0, 4));
    expect(frameLatents(side, { view: 'path', index: 2 })).toEqual(Float32Array.of(0.5, 2));
    expect(frameLatents(side, { view: 'endpoint', index: 2 })).toEqual(Float32Array.of(1, 0));
    expect(frameLatents(side, { view: 'path', index: 4 })).toBeNull();
  });

  it('are put in where they belong, and keep those that are there', () => {
    const all = missingFrames(undecoded(side));
    const filled = withFrames(
      undecoded(side),
      all.map((frame, i) => ({ frame, picture: picture(i) })),
    );
    expect(missingFrames(filled)).toEqual([]);
    for (const [i, { view, index }] of all.entries())
      expect(frameOf(filled, view, index)).toEqual(picture(i));
    const again = withFrames(
      filled,
      all.map((frame) => ({ frame, picture: picture(99) })),
    );
    expect(again).toEqual(filled);
    expect(withFrames(side, [{ frame: { view: 'path', index: 77 }, picture: picture(9) }])).toEqual(side);
  });
});
