import { describe, expect, it } from 'vitest';
import { doneSide, picture } from '../test/sample-runs.ts';
import { idleSide } from './side.ts';
import { filmFrames, filmGaps } from './trajectory-film.ts';

describe('a film of both sides', () => {
  const a = doneSide({ picture: picture(50) }, { stepCount: 1 });
  const b = doneSide();

  it('has a frame a place of the playhead, both sides in step', () => {
    const frames = filmFrames({ a, b }, { view: 'path' });
    expect(frames.map(({ t }) => t)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(frames.map(({ pictures }) => pictures.b?.rgba[0])).toEqual([1, 100, 101, 102, 255]);
    expect(frames.map(({ pictures }) => pictures.a?.rgba[0])).toEqual([1, 50, 50, 50, 50]);
  });

  it('leaves a side without a picture out', () => {
    const frames = filmFrames({ a: idleSide, b }, { view: 'endpoint' });
    expect(frames.map(({ pictures }) => pictures.a)).toEqual([null, null, null, null, null]);
    expect(frames.map(({ pictures }) => pictures.b?.rgba[0])).toEqual([200, 201, 202, 203, 255]);
  });

  it('tells which frames have to be decoded first', () => {
    expect(filmGaps({ a, b }, { view: 'path' })).toEqual([]);
    const bare = { ...b, noise: null };
    expect(filmGaps({ a, b: bare }, { view: 'path' })).toEqual([
      { side: 'b', frame: { view: 'path', index: 0 } },
    ]);
    expect(filmGaps({ a, b: bare }, { view: 'endpoint' })).toEqual([]);
  });
});
