import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestScale, panBy, placeInPicture, wholePicture, type Zoom, zoomAt, zoomOnto } from './zoom.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = fc.record({ x: share, y: share });
const zooms = fc
  .array(fc.tuple(fc.double({ min: 0.3, max: 3, noNaN: true }), place), { maxLength: 6 })
  .map((moves) => moves.reduce<Zoom>((zoom, [factor, at]) => zoomAt(zoom, factor, at), wholePicture));

describe('zoom', () => {
  it('keeps what lies under the pointer, unless an edge would come inside', () => {
    fc.assert(
      fc.property(zooms, place, fc.double({ min: 1, max: 3, noNaN: true }), (zoom, at, factor) => {
        const closer = zoomAt(zoom, factor, at);
        const [before, after] = [placeInPicture(zoom, at), placeInPicture(closer, at)];
        expect(after.x).toBeCloseTo(before.x, 9);
        expect(after.y).toBeCloseTo(before.y, 9);
      }),
    );
  });

  it('always covers the square, however it is moved', () => {
    const by = fc.record({ x: fc.double({ min: -2, max: 2, noNaN: true }), y: share });
    fc.assert(
      fc.property(zooms, by, (zoom, move) => {
        const { scale, x, y } = panBy(zoom, move);
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(scale).toBeLessThanOrEqual(closestScale);
        for (const edge of [x, y]) {
          expect(edge).toBeLessThanOrEqual(0);
          expect(edge + scale).toBeGreaterThanOrEqual(1 - 1e-12);
        }
      }),
    );
  });

  it('far enough out is the whole picture again', () => {
    expect(zoomAt(zoomAt(wholePicture, 4, { x: 0.2, y: 0.9 }), 0.1)).toEqual({ scale: 1, x: 0, y: 0 });
  });

  it('puts a place into the middle as far as the picture reaches', () => {
    expect(placeInPicture(zoomOnto({ x: 0.5, y: 0.4 }, 4), { x: 0.5, y: 0.5 })).toEqual({ x: 0.5, y: 0.4 });
    expect(zoomOnto({ x: 0, y: 1 }, 4)).toEqual({ scale: 4, x: 0, y: -3 });
  });
});
