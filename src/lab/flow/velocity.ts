/** A velocity field, and the ODE dZ_t/dt = v(Z_t, t) followed by Euler's rule: Z_{t+1/N} = Z_t + (1/N) v(Z_t, t). */
import type { Points } from './points.ts';

/** v(z, t) for every point; the result is the caller's. */
export type Velocity = (points: Points, t: number) => Points;

export interface Trajectory {
  /** N + 1 times, rising from 0 to 1, or falling from 1 to 0. */
  readonly times: readonly number[];
  /** One per time. */
  readonly states: readonly Points[];
}

export type Direction = 'forward' | 'backward';

/** @param steps N, at least 1 */
export function followFlow(
  velocity: Velocity,
  start: Points,
  steps: number,
  direction: Direction = 'forward',
): Trajectory {
  const sign = direction === 'forward' ? 1 : -1;
  const timeAt = (step: number): number => (direction === 'forward' ? step / steps : 1 - step / steps);
  const times = [timeAt(0)];
  const states = [start];
  for (let step = 0; step < steps; step++) {
    const state = states[step]!;
    const rate = velocity(state, timeAt(step));
    states.push(state.map((value, i) => value + (sign / steps) * rate[i]!));
    times.push(timeAt(step + 1));
  }
  return { times, states };
}

export const endOf = (trajectory: Trajectory): Points => trajectory.states.at(-1)!;
