/**
 * How straight a sampling path is: S(Z) = integral of E ||(Z_1 - Z_0) - v(Z_t, t)||^2 dt (Liu, Gong & Liu 2022,
 * arXiv 2209.03003, section 2.2; InstaFlow, arXiv 2309.06380). 0: one Euler step is exact.
 */
import { EngineError } from '../core/errors.ts';

/** A path through latents, from noise to picture. */
export interface LatentPath {
  /** Z at each time, all of one length; at least 2. The first is the noise, the last the picture's latents. */
  readonly latents: readonly Float32Array[];
  /**
   * Path times of the latents, never falling. Their range is mapped to [0, 1]: a diffusion path that starts at
   * t = 0.04 is measured over what it covers. Where a time is repeated (PNDM, Heun), the later latents replace
   * the earlier ones.
   */
  readonly times: readonly number[];
}

export interface Straightness {
  /** Per interval between latents that count. */
  readonly intervals: readonly StraightnessInterval[];
  /** S(Z): the deviations, weighted by their durations; per element. */
  readonly absolute: number;
  /** S(Z) over the mean of (Z_1 - Z_0)^2: free of the latents' scale; 0 = straight. NaN where Z doesn't move. */
  readonly normalised: number;
}

interface StraightnessInterval {
  /** From the mapped time of its start; all durations add up to 1. */
  readonly start: number;
  readonly duration: number;
  /** Mean over the elements of ((Z_1 - Z_0) - v)^2, with v = dZ / dt over the interval. */
  readonly deviation: number;
  /** The same over the mean of (Z_1 - Z_0)^2. */
  readonly normalisedDeviation: number;
}

/**
 * For a flow, v is the network's (guided) velocity, which Euler's steps are made of. For a diffusion model it is
 * that of the latents in the training scale: `TrajectoryStep.pathLatents`.
 * A path of one interval has S = 0 whatever the model; measure with N = 25 or more.
 * @throws EngineError 'argument-invalid' for fewer than two latents, other lengths, or times that fall
 */
export function measureStraightness(path: LatentPath): Straightness {
  assertPath(path);
  const kept = path.times.flatMap((time, i) => (time === path.times[i + 1] ? [] : [i]));
  const first = path.times[0]!;
  const span = path.times.at(-1)! - first;
  const start = path.latents[kept[0]!]!;
  const displacement = difference(path.latents.at(-1)!, start, 1);
  const scale = meanSquare(displacement);
  const intervals = kept.slice(1).map((at, k): StraightnessInterval => {
    const before = kept[k]!;
    const duration = (path.times[at]! - path.times[before]!) / span;
    const velocity = difference(path.latents[at]!, path.latents[before]!, duration);
    const deviation = meanSquare(difference(displacement, velocity, 1));
    return {
      start: (path.times[before]! - first) / span,
      duration,
      deviation,
      normalisedDeviation: deviation / scale,
    };
  });
  const absolute = intervals.reduce((sum, { deviation, duration }) => sum + deviation * duration, 0);
  return { intervals, absolute, normalised: absolute / scale };
}

function assertPath({ latents, times }: LatentPath): void {
  const wrong = (found: string, wanted: string) =>
    new EngineError('argument-invalid', `No path to measure: ${found}.`, { subject: 'path', found, wanted });
  if (latents.length !== times.length || latents.length < 2) {
    throw wrong(
      `${latents.length} latents at ${times.length} times`,
      'at least two latents, each with its time',
    );
  }
  const { length } = latents[0]!;
  if (length === 0 || latents.some((values) => values.length !== length)) {
    throw wrong(
      `latents of ${latents.map((values) => values.length).join(', ')} values`,
      'one length above 0',
    );
  }
  if (!times.every((time, i) => i === 0 || time >= times[i - 1]!) || !(times.at(-1)! > times[0]!)) {
    throw wrong(`times ${times.join(', ')}`, 'times that rise');
  }
}

/** (a - b) / divisor in float64: a float32 difference of near latents would lose the deviation. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>, divisor: number): Float64Array {
  // Plain loops here and below: a draw measures its path after every step.
  const values = new Float64Array(a.length);
  for (let k = 0; k < values.length; k++) values[k] = (a[k]! - b[k]!) / divisor;
  return values;
}

function meanSquare(values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]! ** 2;
  return sum / values.length;
}
