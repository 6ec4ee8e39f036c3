/**
 * The training noise schedule: betas and their cumulative product, in float32 as the originals store them.
 * Sources: DDPM (Ho et al. 2020), latent diffusion's scaled_linear, improved DDPM's cosine (Nichol & Dhariwal
 * 2021), zero terminal SNR (Lin et al. 2023, arXiv 2305.08891, algorithm 1).
 */
import { EngineError } from '../core/errors.ts';

export const betaSchedules = ['linear', 'scaled_linear', 'squaredcos_cap_v2', 'exp', 'sigmoid'] as const;
export type BetaSchedule = (typeof betaSchedules)[number];

export interface NoiseScheduleOptions {
  /** T, number of training timesteps. */
  readonly trainSteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: BetaSchedule;
  /** T betas that replace the three fields above. */
  readonly trainedBetas?: readonly number[] | undefined;
  readonly rescaleToZeroTerminalSnr: boolean;
}

export interface NoiseSchedule {
  readonly trainSteps: number;
  /** alpha-bar of each training timestep, falling; the share of the signal's variance. */
  readonly alphasCumprod: Float32Array;
}

/** @throws EngineError 'config-invalid' for betas outside [0, 1] or of another number than T */
export function createNoiseSchedule(options: NoiseScheduleOptions): NoiseSchedule {
  let betas = trainingBetas(options);
  if (options.rescaleToZeroTerminalSnr) betas = rescaleToZeroTerminalSnr(betas);
  return { trainSteps: options.trainSteps, alphasCumprod: cumulativeAlphas(betas) };
}

/** The T betas before any rescaling, float32. */
export function trainingBetas(options: NoiseScheduleOptions): Float32Array {
  const { trainSteps, betaStart, betaEnd, betaSchedule, trainedBetas } = options;
  if (trainedBetas !== undefined) {
    if (trainedBetas.length !== trainSteps) {
      throw invalidBetas(
        'trained_betas',
        `${trainedBetas.length} values`,
        `num_train_timesteps = ${trainSteps}`,
      );
    }
    return checked(Float32Array.from(trainedBetas), 'trained_betas');
  }
  switch (betaSchedule) {
    case 'linear':
      return checked(linspace(betaStart, betaEnd, trainSteps), 'beta_end');
    case 'scaled_linear':
      return checked(
        linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainSteps).map((root) => root * root),
        'beta_end',
      );
    case 'squaredcos_cap_v2':
      return betasOfAlphaBar(trainSteps, (t) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2);
    case 'exp':
      return betasOfAlphaBar(trainSteps, (t) => Math.exp(-12 * t));
    case 'sigmoid':
      return checked(
        linspace(-6, 6, trainSteps).map((x) => betaStart + (betaEnd - betaStart) / (1 + Math.exp(-x))),
        'beta_end',
      );
  }
}

/**
 * Betas whose last alpha-bar is exactly 0 and whose first is unchanged: sqrt(alpha-bar) shifted and scaled, each
 * operation in float32.
 */
function rescaleToZeroTerminalSnr(betas: Float32Array): Float32Array {
  const { fround } = Math;
  const roots = cumulativeAlphas(betas).map((alpha) => Math.sqrt(alpha));
  const first = roots[0]!;
  const last = roots.at(-1)!;
  const stretch = fround(first / fround(first - last));
  const alphaBars = roots.map((root) => fround(fround(root - last) * stretch) ** 2);
  return alphaBars.map((alpha, t) => 1 - (t === 0 ? alpha : fround(alpha / alphaBars[t - 1]!)));
}

/**
 * sigma / alpha of each training timestep, float32, rising.
 * @param floorTerminalSnr replaces the last alpha-bar by 2^-24 (the smallest float16), as the sigma-based
 *   schedulers do after a rescale, since sigma would be infinite
 */
export function trainingSigmas({ alphasCumprod }: NoiseSchedule, floorTerminalSnr: boolean): Float32Array {
  const { fround } = Math;
  return alphasCumprod.map((stored, t) => {
    const alpha = floorTerminalSnr && t === alphasCumprod.length - 1 ? 2 ** -24 : stored;
    return Math.sqrt(fround(fround(1 - alpha) / alpha));
  });
}

/** The cumulative product of 1 - beta: accumulated in float64, stored in float32, as PyTorch's cumprod on a CPU. */
function cumulativeAlphas(betas: Float32Array): Float32Array {
  let product = 1;
  return betas.map((beta) => {
    product *= Math.fround(1 - beta);
    return product;
  });
}

/**
 * Correctly rounded float32 values. PyTorch's own differ in the last bit from one vector width to the next (up
 * to 4e-7 relative in a beta), so there is no one sequence of bits to match.
 */
function linspace(start: number, end: number, count: number): Float32Array {
  if (count === 1) return Float32Array.of(start);
  return Float32Array.from({ length: count }, (_, i) => start + ((end - start) * i) / (count - 1));
}

function betasOfAlphaBar(count: number, alphaBar: (t: number) => number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) =>
    Math.min(1 - alphaBar((i + 1) / count) / alphaBar(i / count), 0.999),
  );
}

function checked(betas: Float32Array, field: string): Float32Array {
  const wrong = betas.find((beta) => !(beta >= 0 && beta <= 1));
  if (wrong !== undefined) throw invalidBetas(field, `a beta of ${wrong}`, 'betas from 0 to 1');
  return betas;
}

function invalidBetas(field: string, found: string, wanted: string): EngineError {
  return new EngineError('config-invalid', `${field} gives no noise schedule: ${found}.`, {
    subject: field,
    found,
    wanted,
  });
}
