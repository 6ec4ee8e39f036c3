/** What a coupling and a flow's trajectory are measured by. */
import { measureStraightness } from '../../engine/metrics/straightness.ts';
import type { Pairs } from './coupling.ts';
import { pointCount } from './points.ts';
import type { Trajectory } from './velocity.ts';

/** S(Z) = ∫ E ‖(Z_1 - Z_0) - v(Z_t, t)‖² dt over a trajectory of Euler steps; 0 = straight. */
export function straightnessOf({ states, times }: Trajectory): number {
  // The engine's measure is per element, and a point has two.
  return 2 * measureStraightness({ latents: states, times }).absolute;
}

/** E‖Z_1 - Z_0‖²: what it costs to carry every start to its end. */
export function transportCost({ starts, ends }: Pairs): number {
  let sum = 0;
  for (let i = 0; i < starts.length; i++) sum += (ends[i]! - starts[i]!) ** 2;
  return sum / pointCount(starts);
}

/** Mean distance between points of the same index. */
export function meanMiss(starts: Pairs['starts'], ends: Pairs['ends']): number {
  let sum = 0;
  for (let i = 0; i < starts.length; i += 2) {
    sum += Math.hypot(ends[i]! - starts[i]!, ends[i + 1]! - starts[i + 1]!);
  }
  return sum / pointCount(starts);
}
