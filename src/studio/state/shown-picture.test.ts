import { describe, expect, it } from 'vitest';
import { doneSide, picture, request, runningSide } from '../test/sample-runs.ts';
import { restingPlayhead } from './playhead.ts';
import { frameOf, shownPicture } from './shown-picture.ts';
import { cancelSide, idleSide, queueSide } from './side.ts';

const last = 4;
const at = (index: number | null, change = {}) => ({ ...restingPlayhead, index, ...change });

describe('frames of a trajectory', () => {
  const side = doneSide();
  it('are noise, z_t after each step, and the picture', () => {
    expect([0, 1, 3, 4].map((i) => frameOf(side, 'path', i)?.rgba[0])).toEqual([1, 100, 102, 255]);
  });
  it('are the end points predicted at each time, and the picture', () => {
    expect([0, 1, 3, 4].map((i) => frameOf(side, 'endpoint', i)?.rgba[0])).toEqual([200, 201, 203, 255]);
  });
  it('are empty while they are to come', () => {
    expect(frameOf(runningSide(1), 'path', 2)).toBeNull();
    expect(frameOf(runningSide(1), 'endpoint', 1)).toBeNull();
    expect(frameOf(runningSide(1), 'path', 4)).toBeNull();
  });
});

describe('the square', () => {
  it('is empty before anything was drawn', () => {
    expect(shownPicture(idleSide, 'a', at(null), 0)).toEqual({ picture: null, kind: 'empty', index: 0 });
  });

  it('shows noise, then predicted end points, while drawing', () => {
    expect(shownPicture(runningSide(0), 'b', at(null), last)).toMatchObject({
      picture: picture(1),
      kind: 'noise',
    });
    expect(shownPicture(runningSide(3), 'b', at(null), last)).toMatchObject({ kind: 'endpoint', index: 3 });
  });

  it('dims what is older than the draw under way', () => {
    expect(shownPicture(queueSide(doneSide(), request()), 'b', at(null), last).kind).toBe('stale');
    expect(shownPicture({ ...doneSide(), status: 'running' }, 'b', at(null), last).kind).toBe('stale');
    expect(shownPicture(cancelSide(runningSide(2)), 'b', at(null), last).kind).toBe('stale');
  });

  it('shows the picture when the playhead rests', () => {
    for (const side of ['a', 'b'] as const) {
      expect(shownPicture(doneSide(), side, at(null), last)).toMatchObject({
        picture: picture(255),
        kind: 'final',
      });
    }
  });

  it('follows the playhead on side B, on the path or over the end points', () => {
    expect(shownPicture(doneSide(), 'b', at(2), last)).toMatchObject({ picture: picture(101), kind: 'path' });
    expect(shownPicture(doneSide(), 'b', at(2, { view: 'endpoint' }), last)).toMatchObject({
      picture: picture(202),
      kind: 'endpoint',
    });
    expect(shownPicture(doneSide(), 'b', at(0), last).kind).toBe('noise');
  });

  it('knows two frames on side A: noise at the start, the picture from then on', () => {
    const a = doneSide({}, { stepCount: 1 });
    expect(shownPicture(a, 'a', at(0), last)).toMatchObject({ picture: picture(1), kind: 'noise' });
    expect(shownPicture(a, 'a', at(1), last).kind).toBe('final');
    expect(shownPicture(a, 'a', at(0, { view: 'endpoint' }), last).kind).toBe('final');
  });

  it('shows the frame under the pointer on its own side only', () => {
    const peek = { side: 'b', view: 'endpoint', index: 1 } as const;
    expect(shownPicture(doneSide(), 'b', at(null, { peek }), last)).toMatchObject({ picture: picture(201) });
    expect(shownPicture(doneSide(), 'a', at(null, { peek }), last).kind).toBe('final');
  });
});
