import { describe, expect, it } from 'vitest';
import { doneSide, picture, request, runningSide } from '../test/sample-runs.ts';
import { restingPlayhead } from './playhead.ts';
import { shownPicture } from './shown-picture.ts';
import { cancelSide, idleSide, queueSide } from './side.ts';

const last = 4;
const at = (index: number | null, change = {}) => ({ ...restingPlayhead, index, ...change });

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

  it('keeps sides of several steps in step', () => {
    const a = doneSide({}, { stepCount: 2 });
    const shown = [0, 1, 2, 3, 4].map((i) => shownPicture(a, 'a', at(i), last));
    expect(shown.map(({ kind, index }) => `${kind} ${index}`)).toEqual([
      'noise 0',
      'path 1',
      'path 1',
      'final 2',
      'final 2',
    ]);
  });

  it('keeps the picture where a frame is not decoded', () => {
    const bare = { ...doneSide(), noise: null };
    expect(shownPicture(bare, 'b', at(0), last).kind).toBe('final');
  });

  it('shows a place that both sides are pointed at on both', () => {
    const peek = { side: null, view: 'path', share: 1 / 2 } as const;
    expect(shownPicture(doneSide(), 'a', at(null, { peek }), last)).toMatchObject({ index: 2 });
    expect(shownPicture(doneSide(), 'b', at(null, { peek }), last)).toMatchObject({ index: 2 });
  });

  it('shows the frame under the pointer on its own side only', () => {
    const peek = { side: 'b', view: 'endpoint', share: 1 / 4 } as const;
    expect(shownPicture(doneSide(), 'b', at(null, { peek }), last)).toMatchObject({ picture: picture(201) });
    expect(shownPicture(doneSide(), 'a', at(null, { peek }), last).kind).toBe('final');
  });
});
