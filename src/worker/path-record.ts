/** The path of a draw through latents, kept for its straightness, which needs both ends. */
import { measureStraightness } from '../engine/metrics/straightness.ts';
import type { TrajectoryStep } from '../engine/pipeline/generation.ts';
import type { PathStraightness } from './protocol.ts';

export interface PathRecord {
  /** Begins with z_0 at path time `time`. @returns its copy: the pipeline may reuse its arrays */
  start(latents: Float32Array, time: number): Float32Array<ArrayBuffer>;
  add(step: Pick<TrajectoryStep, 'pathLatents' | 'time'>): void;
  /**
   * Of the whole path; with `endpoint`, of a path under way: as if it went straight on to that end point. The
   * rest is no interval of its own then.
   */
  straightness(endpoint?: Float32Array): PathStraightness;
}

export function createPathRecord(): PathRecord {
  const latents: Float32Array[] = [];
  const times: number[] = [];
  return {
    start(first, time) {
      const copy = first.slice() as Float32Array<ArrayBuffer>;
      latents.push(copy);
      times.push(time);
      return copy;
    },
    add(step) {
      latents.push(step.pathLatents.slice());
      times.push(step.time);
    },
    straightness(endpoint) {
      const under = endpoint !== undefined && times.at(-1)! < 1;
      const { intervals, normalised } = measureStraightness(
        under ? { latents: [...latents, endpoint], times: [...times, 1] } : { latents, times },
      );
      const travelled = under ? intervals.slice(0, -1) : intervals;
      return {
        starts: travelled.map(({ start }) => start),
        deviations: travelled.map(({ normalisedDeviation }) => normalisedDeviation),
        mean: normalised,
      };
    },
  };
}
