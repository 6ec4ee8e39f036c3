import { describe, expect, it } from 'vitest';
import type { PictureDifference } from '../../worker/difference-api.ts';
import type { Picture } from '../../worker/protocol.ts';
import { doneSide, picture } from '../test/sample-runs.ts';
import { differenceProblem, pairViewOf, shownPictures, wantedDifference } from './pair-view.ts';
import { defaultSettings } from './settings.ts';
import { cancelSide, failSide, idleSide, queueSide } from './side.ts';
import { initialStudio, reduceStudio, type StudioState } from './studio.ts';

const drawn = (a: Picture, b: Picture): StudioState => ({
  ...initialStudio(defaultSettings, 'auto'),
  sides: { a: doneSide({ picture: a }), b: doneSide({ picture: b }) },
});
const looking = (state: StudioState): StudioState =>
  reduceStudio(state, { type: 'pair-view-chosen', view: 'difference' });

describe('the view of the pair', () => {
  it('is the chosen one where both sides have a picture', () => {
    const state = drawn(picture(1), picture(2));
    expect([pairViewOf(state), pairViewOf(looking(state))]).toEqual(['pair', 'difference']);
  });

  it('is the pair where a side is empty, failed or was stopped: its message needs the square', () => {
    const state = looking(drawn(picture(1), picture(2)));
    const failed = failSide(state.sides.b, { code: 'out-of-memory', message: 'Why.' });
    const stopped = cancelSide(queueSide(state.sides.b, state.sides.b.request!));
    for (const b of [idleSide, failed, stopped]) {
      expect(pairViewOf({ ...state, sides: { ...state.sides, b } })).toBe('pair');
    }
  });
});

describe('the difference', () => {
  const measured = { width: 2, height: 2 } as PictureDifference;

  it('is wanted of what is shown, once, and only while it is looked at', () => {
    const state = drawn(picture(1), picture(2));
    expect(wantedDifference(state)).toBeNull();
    const wanted = wantedDifference(looking(state));
    expect(wanted).toEqual(shownPictures(state));
    const difference = { pictures: wanted!, measured };
    const known = reduceStudio(looking(state), { type: 'difference-measured', difference });
    expect(wantedDifference(known)).toBeNull();
    const redrawn = { ...known, sides: { ...known.sides, b: doneSide({ picture: picture(2) }) } };
    expect(wantedDifference(redrawn)).not.toBeNull();
  });

  it('is not there for pictures of different sizes, and why', () => {
    const large = { ...picture(3), width: 4, height: 1 };
    expect(wantedDifference(looking(drawn(picture(1), large)))).toBeNull();
    expect(differenceProblem({ a: picture(1), b: large })).toMatch(/2 × 2 and B 4 × 1/);
  });
});
