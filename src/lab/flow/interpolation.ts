/**
 * Time-differentiable interpolations X_t = φ(X_0, X_1, t) = a(t) X_1 + b(t) X_0. The straight one is rectified
 * flow's; the curved one is DDIM's for the variance-preserving diffusion (Liu, Gong & Liu 2022, arXiv 2209.03003,
 * section 2.3), with β's line from 0.1 to 20.
 */
export type InterpolationKind = 'straight' | 'diffusion';

export interface Mixture {
  /** a(t): the share of the end. */
  readonly end: number;
  /** b(t): the share of the start. */
  readonly start: number;
  /** a'(t) and b'(t): what the velocity to learn is made of. */
  readonly endRate: number;
  readonly startRate: number;
}

const betaMin = 0.1;
const betaMax = 20;
/** b'(t) has no bound as t goes to 1: the velocity is learned up to here. */
const lastTime = 0.995;

function straight(t: number): Mixture {
  return { end: t, start: 1 - t, endRate: 1, startRate: -1 };
}

function diffusion(t: number): Mixture {
  const s = 1 - Math.min(t, lastTime);
  const end = Math.exp(-0.25 * (betaMax - betaMin) * s * s - 0.5 * betaMin * s);
  const start = Math.sqrt(1 - end * end);
  const endRate = end * (0.5 * (betaMax - betaMin) * s + 0.5 * betaMin);
  return { end, start, endRate, startRate: (-end * endRate) / start };
}

export const interpolations: Readonly<Record<InterpolationKind, (t: number) => Mixture>> = {
  straight,
  diffusion,
};
