/** The update formulas of DPM-Solver as coefficients, in h = lambda' - lambda. */
import type { PathPoint } from './solver-noise-levels.ts';

export interface SolverUpdate {
  readonly latents: number;
  /** Of the present and the earlier predictions, newest first. */
  readonly predictions: readonly number[];
  readonly fresh: number;
}

/** Coefficients of the latents, the prediction's finite differences of order 0 to 2, and fresh noise. */
interface DifferenceUpdate {
  readonly latents: number;
  readonly differences: readonly [number, number, number];
  readonly fresh: number;
}

/**
 * The update from `from` to `to` with the predictions at `from` and at the `earlier` points (newest first, 0 to 2
 * of them: order 1 to 3).
 */
export function solverUpdate(
  algorithm: 'dpmsolver' | 'dpmsolver++' | 'sde-dpmsolver' | 'sde-dpmsolver++',
  solverType: 'midpoint' | 'heun',
  to: PathPoint,
  from: PathPoint,
  earlier: readonly PathPoint[],
): SolverUpdate {
  const h = to.lambda - from.lambda;
  // Karras' levels end at sigma_min, and so does final_sigmas_type sigma_min: a step of no length.
  if (h === 0) return { latents: 1, predictions: earlier.map(() => 0), fresh: 0 };
  // The third-order formulas have one form, the heun one.
  const heun = solverType === 'heun' || earlier.length === 2;
  const { latents, differences, fresh } = differenceUpdate(algorithm, heun, to, from, h);
  const [d0, d1, d2] = differences;
  const [s1, s2] = earlier;
  if (s1 === undefined) return { latents, predictions: [d0], fresh };
  // D1 = (m0 - m1) / r0
  const r0 = (from.lambda - s1.lambda) / h;
  if (s2 === undefined) return { latents, predictions: [d0 + d1 / r0, -d1 / r0], fresh };
  // u = (m0 - m1) / r0, v = (m1 - m2) / r1: D1 = u + (u - v) r0 / (r0 + r1), D2 = (u - v) / (r0 + r1)
  const r1 = (s1.lambda - s2.lambda) / h;
  const slope = (d1 * r0 + d2) / (r0 + r1);
  const u = d1 + slope;
  return { latents, predictions: [d0 + u / r0, -u / r0 - slope / r1, slope / r1], fresh };
}

function differenceUpdate(
  algorithm: 'dpmsolver' | 'dpmsolver++' | 'sde-dpmsolver' | 'sde-dpmsolver++',
  heun: boolean,
  to: PathPoint,
  from: PathPoint,
  h: number,
): DifferenceUpdate {
  switch (algorithm) {
    case 'dpmsolver++': {
      const growth = Math.expm1(-h);
      return {
        latents: to.sigma / from.sigma,
        differences: [
          -to.alpha * growth,
          heun ? to.alpha * (growth / h + 1) : -0.5 * to.alpha * growth,
          -to.alpha * ((growth + h) / h ** 2 - 0.5),
        ],
        fresh: 0,
      };
    }
    case 'dpmsolver': {
      const growth = Math.expm1(h);
      return {
        latents: to.alpha / from.alpha,
        differences: [
          -to.sigma * growth,
          heun ? -to.sigma * (growth / h - 1) : -0.5 * to.sigma * growth,
          -to.sigma * ((growth - h) / h ** 2 - 0.5),
        ],
        fresh: 0,
      };
    }
    case 'sde-dpmsolver++': {
      const decay = -Math.expm1(-2 * h);
      return {
        latents: (to.sigma / from.sigma) * Math.exp(-h),
        differences: [to.alpha * decay, heun ? to.alpha * (1 - decay / (2 * h)) : 0.5 * to.alpha * decay, 0],
        fresh: to.sigma * Math.sqrt(decay),
      };
    }
    case 'sde-dpmsolver': {
      const growth = Math.expm1(h);
      return {
        latents: to.alpha / from.alpha,
        differences: [
          -2 * to.sigma * growth,
          heun ? -2 * to.sigma * (growth / h - 1) : -to.sigma * growth,
          0,
        ],
        fresh: to.sigma * Math.sqrt(Math.expm1(2 * h)),
      };
    }
  }
}
