/** The next seeds as small one-step pictures: a look ahead, before one of them is drawn. */
import type { DrawRequest, Picture } from '../../worker/protocol.ts';
import { planSide, requestKey } from './draw-plan.ts';
import type { DrawnState } from './drawn-state.ts';
import { oneStepSide } from './live.ts';
import { seedProblem, seedRange } from './settings.ts';
import { modelOfSide } from './side-models.ts';

const stripLength = 8;
/** Pictures kept: several strips, so that going back and forth between seeds draws nothing twice. */
const picturesKept = 5 * stripLength;
/** A strip is drawn unasked where it costs a second or so. */
const cheapMs = 150;

export interface SeedStrip {
  /** 'cheap': drawn where it costs little. 'asked': drawn whatever it costs. 'off': it could not be drawn. */
  readonly wish: 'cheap' | 'asked' | 'off';
  /** By request key, the oldest first. */
  readonly pictures: ReadonlyMap<string, Picture>;
}

export const emptyStrip: SeedStrip = { wish: 'cheap', pictures: new Map() };

type Known = DrawnState & { readonly strip: SeedStrip };

/** The settings' seed and those after it; none while the field is empty or wrong. */
export function stripSeeds(seed: number): readonly number[] {
  if (seedProblem(seed) !== '') return [];
  const seeds = Array.from({ length: stripLength }, (_, i) => seed + i);
  return seeds.filter((next) => next <= seedRange.maximum);
}

/** The one-step request of a seed; null when no side draws in one step. */
export function stripRequest(state: Known, seed: number): DrawRequest | null {
  const side = oneStepSide(state);
  const model = side === null ? null : modelOfSide(state, side);
  if (side === null || model === null) return null;
  return { ...planSide({ ...state.settings, seed }, side, model), previews: false };
}

/** The strip's picture of a seed, the side's own where it shows that one; null = not drawn. */
export function stripPicture(state: Known, seed: number): Picture | null {
  const request = stripRequest(state, seed);
  if (request === null) return null;
  const key = requestKey(request);
  const shown = Object.values(state.sides).find(
    (side) => side.result !== null && side.request !== null && requestKey(side.request) === key,
  );
  return shown?.result?.picture ?? state.strip.pictures.get(key) ?? null;
}

/** Unasked, the strip is drawn where the one-step side was measured warm and is quick. */
export function stripIsWanted(state: Known): boolean {
  if (state.strip.wish !== 'cheap') return state.strip.wish === 'asked';
  const side = oneStepSide(state);
  const result = side === null ? null : state.sides[side].result;
  return result !== null && !result.cold && result.timings.totalMs <= cheapMs;
}

export function keepStripPicture(strip: SeedStrip, request: DrawRequest, picture: Picture): SeedStrip {
  const pictures = new Map(strip.pictures);
  pictures.set(requestKey(request), picture);
  for (const oldest of pictures.keys()) {
    if (pictures.size <= picturesKept) break;
    pictures.delete(oldest);
  }
  return { ...strip, pictures };
}
