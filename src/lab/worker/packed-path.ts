/** Trajectories as one array, which can be handed over without copying. */
import type { Points } from '../flow/points.ts';
import type { PackedPath } from './protocol.ts';

/** @param states of one length each, at equal steps of time */
export function packPath(states: readonly Points[]): PackedPath {
  const size = states[0]?.length ?? 0;
  const packed = new Float32Array(states.length * size);
  for (const [k, state] of states.entries()) packed.set(state, k * size);
  return { count: size / 2, states: packed };
}
