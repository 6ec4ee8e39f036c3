/** A worker of its own for comparing finished pictures: it answers while the engine's worker draws. */
import { expose, transfer } from 'comlink';
import { differenceMap } from '../engine/metrics/difference-map.ts';
import { structuralSimilarity } from '../engine/metrics/picture-similarity.ts';
import type { DifferenceApi, PictureDifference } from './difference-api.ts';
import { outcomeOf } from './outcome.ts';
import type { Picture } from './protocol.ts';

/** SSIM's window is 11 pixels wide. */
const smallestSide = 11;

function similarity(a: Picture, b: Picture): number | null {
  return Math.min(a.width, a.height) < smallestSide ? null : structuralSimilarity(a, b);
}

const host: DifferenceApi = {
  async difference(a: Picture, b: Picture) {
    const outcome = await outcomeOf<PictureDifference>(async () => ({
      ...differenceMap(a, b),
      width: a.width,
      height: a.height,
      similarity: similarity(a, b),
    }));
    return outcome.ok ? transfer(outcome, [outcome.value.values.buffer]) : outcome;
  },
  similarity: (a: Picture, b: Picture) => outcomeOf(async () => similarity(a, b)),
};

expose(host);
