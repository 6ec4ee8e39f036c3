/**
 * Where the exact answer is known: data that are one point, data that are Gaussian, constant velocity.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianNoise } from '../core/noise.ts';
import { initialState } from './initial-state.ts';
import { type PredictionType, predictionTypes } from './prediction.ts';
import { createRectifiedFlow } from './rectified-flow.ts';
import type { Sampler } from './sampler.ts';
import { type SchedulerConfig, samplerByName } from './scheduler-config.ts';

const stableDiffusion: SchedulerConfig = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  steps_offset: 1,
  clip_sample: false,
  skip_prk_steps: true,
  set_alpha_to_one: true,
};

/** alpha-bar of a training timestep in float64, interpolated between whole ones as sigma is. */
const alphaBars = (() => {
  const [low, high] = [Math.sqrt(0.00085), Math.sqrt(0.012)];
  let product = 1;
  return Array.from({ length: 1000 }, (_, t) => {
    product *= 1 - (low + ((high - low) * t) / 999) ** 2;
    return product;
  });
})();

function signalAndNoise(timestep: number, sigma: number | undefined): { alpha: number; sigma: number } {
  // Samplers in sigma tell the exact level; the timestep may have been rounded.
  const alphaBar = sigma === undefined ? alphaBars[timestep]! : 1 / (1 + sigma * sigma);
  return { alpha: Math.sqrt(alphaBar), sigma: Math.sqrt(1 - alphaBar) };
}

/** Draws with the ideal network for data N(mean, spread^2): the posterior mean of the clean latents. */
function drawGaussian(
  sampler: Sampler,
  stepCount: number,
  type: PredictionType,
  mean: Float32Array,
  spread: number,
) {
  const plan = sampler.plan(stepCount);
  const noise = gaussianNoise(mean.length, { seed: 11 });
  const endpoints: Float32Array[] = [];
  let state = initialState(plan, noise);
  plan.steps.forEach(({ timestep }, i) => {
    const { alpha, sigma } = signalAndNoise(timestep, plan.sigmas?.[i]);
    const input = sampler.scaleModelInput(plan, state.latents, i);
    const output = input.map((x, k) => {
      const variance = alpha * alpha * spread * spread + sigma * sigma;
      const noiseMean = (sigma * (x - alpha * mean[k]!)) / variance;
      const clean = mean[k]! + (alpha * spread * spread * (x - alpha * mean[k]!)) / variance;
      if (type === 'epsilon') return noiseMean;
      return type === 'sample' ? clean : alpha * noiseMean - sigma * clean;
    });
    const fresh = plan.stochastic ? gaussianNoise(mean.length, { seed: 11, stream: 1 + i }) : undefined;
    const result = sampler.step(plan, state, output, i, fresh);
    state = result.state;
    endpoints.push(result.endpoint);
  });
  return { plan, noise, latents: state.latents, endpoints };
}

function largestDifference(found: Float32Array, wanted: Float32Array): number {
  return Math.max(...found.map((value, k) => Math.abs(value - wanted[k]!)));
}

describe('data that are one point: every prediction of the clean latents is that point', () => {
  const point = gaussianNoise(16, { seed: 3 });
  const solvers = ['dpmsolver++', 'sde-dpmsolver++'].flatMap((algorithm_type) =>
    [1, 2].map((solver_order) => ['dpm-solver-multistep', { algorithm_type, solver_order }] as const),
  );
  const cases: readonly (readonly [string, SchedulerConfig])[] = [
    ['ddim', {}],
    ['ddim', { timestep_spacing: 'trailing' }],
    ['ddpm', {}],
    ['lcm', { timestep_scaling: 1000 }],
    ['euler', {}],
    ['euler', { use_karras_sigmas: true }],
    ['euler', { use_exponential_sigmas: true, timestep_spacing: 'trailing' }],
    ['euler', { interpolation_type: 'log_linear' }],
    ['euler-ancestral', {}],
    ['heun', {}],
    ...solvers,
    ['dpm-solver-multistep', { solver_order: 3, solver_type: 'heun' }],
    ['dpm-solver-multistep', { solver_order: 3, use_lu_lambdas: true }],
    ['unipc', {}],
    ['unipc', { solver_order: 3, solver_type: 'bh1', use_karras_sigmas: true }],
    ['unipc', { disable_corrector: [0, 1] }],
  ];

  it.each(
    cases.flatMap(([name, extra]) =>
      predictionTypes.map((type) => [name, JSON.stringify(extra), type, extra] as const),
    ),
  )('%s %s, %s', (name, _title, prediction_type, extra) => {
    const sampler = samplerByName(name, { ...stableDiffusion, ...extra, prediction_type });
    for (const stepCount of [1, 2, 3, 8, 20]) {
      const { plan, endpoints, latents } = drawGaussian(sampler, stepCount, prediction_type, point, 0);
      // epsilon is divided by alpha, 0.07 at the first step; latents at Euler's scale are 14 times larger.
      for (const endpoint of endpoints) expect(largestDifference(endpoint, point)).toBeLessThan(2e-5);
      // Levels that don't end at 0 leave that much of the noise, whose largest value is below 3.
      const remaining = plan.sigmas?.[plan.steps.length] ?? 0;
      expect(largestDifference(latents, point)).toBeLessThan(2e-5 + 3 * remaining);
    }
  });
});

describe('Gaussian data: the error falls with N as the order says', () => {
  const mean = Float32Array.of(0.3, -0.8, 1.2, 0);
  const spread = 0.7;

  /** Distance from the probability flow's exact end: (z - alpha m) / sqrt(alpha^2 s^2 + sigma^2) is constant. */
  function error(sampler: Sampler, stepCount: number): number {
    const { plan, noise, latents } = drawGaussian(sampler, stepCount, 'epsilon', mean, spread);
    const first = signalAndNoise(plan.steps[0]!.timestep, plan.sigmas?.[0]);
    const last = signalAndNoise(0, plan.sigmas?.at(-1));
    const width = ({ alpha, sigma }: { alpha: number; sigma: number }) =>
      Math.sqrt((alpha * spread) ** 2 + sigma ** 2);
    // Euler's first latents are sigma times the noise: its scaled input is 1 / sqrt(1 + 1 / sigma^2) of it.
    const scale = sampler.scaleModelInput(plan, Float32Array.of(plan.initNoiseSigma), 0)[0]!;
    const exact = mean.map((m, k) => {
      const standard = (scale * noise[k]! - first.alpha * m) / width(first);
      return last.alpha * m + width(last) * standard;
    });
    return largestDifference(latents, exact);
  }

  const karras = { use_karras_sigmas: true };
  const solver = { ...karras, final_sigmas_type: 'sigma_min' };
  const noiseSolver = { ...solver, algorithm_type: 'dpmsolver' };
  const dpm = 'dpm-solver-multistep';
  const trailing = { set_alpha_to_one: false, timestep_spacing: 'trailing' };
  /**
   * Rates are log2 of the error's ratio from N = 20 to 40. A multistep method that starts with one first-order
   * step has at most order 2; its third-order form has a smaller error. PNDM's steps are even in t, where the
   * noise changes as sqrt(t) at the end: its gain is the error, not the rate. UniPC's corrector adds an order.
   * The errors are bounds a quarter above what was measured.
   */
  const cases: readonly (readonly [name: string, extra: SchedulerConfig, rate: number, error: number])[] = [
    ['ddim', trailing, 0.9, 0.048],
    ['pndm', trailing, 1.2, 0.0055],
    ['pndm', { ...trailing, skip_prk_steps: false }, 1.2, 0.0055],
    ['euler', { ...karras, timestep_spacing: 'trailing' }, 0.9, 0.058],
    ['heun', karras, 2, 0.0025],
    [dpm, { ...solver, solver_order: 1 }, 0.9, 0.048],
    [dpm, solver, 2, 0.0034],
    [dpm, { ...solver, solver_type: 'heun' }, 2, 0.0048],
    [dpm, { ...solver, solver_order: 3 }, 1.4, 0.00065],
    [dpm, { ...noiseSolver, solver_order: 1 }, 0.9, 0.048],
    [dpm, noiseSolver, 2, 0.0007],
    [dpm, { ...noiseSolver, solver_type: 'heun' }, 2, 0.0019],
    [dpm, { ...noiseSolver, solver_order: 3 }, 1.4, 0.00026],
    ['unipc', { ...solver, solver_order: 1 }, 2, 0.0063],
    ['unipc', solver, 3, 0.0007],
    ['unipc', { ...solver, predict_x0: false }, 3, 0.00024],
    ['unipc', { ...solver, solver_type: 'bh1' }, 3, 0.0012],
    ['unipc', { ...solver, solver_order: 3 }, 3.5, 0.00012],
  ];

  it.each(cases.map(([name, extra, ...bounds]) => [name, JSON.stringify(extra), extra, ...bounds] as const))(
    '%s %s',
    (name, _title, extra, rate, bound) => {
      const sampler = samplerByName(name, { ...stableDiffusion, ...extra });
      const [coarse, fine] = [error(sampler, 20), error(sampler, 40)];
      expect(Math.log2(coarse / fine)).toBeGreaterThan(rate);
      expect(fine).toBeLessThan(bound);
    },
  );
});

describe('PNDM with Runge-Kutta', () => {
  it('stays much closer to the exact path than DDIM over its three Runge-Kutta steps', () => {
    const mean = Float32Array.of(0.3, -0.8, 1.2, 0);
    const spread = 0.7;
    const errorAt = (name: string, evaluations: number) => {
      const sampler = samplerByName(name, { ...stableDiffusion, skip_prk_steps: false });
      const plan = sampler.plan(20);
      const noise = gaussianNoise(mean.length, { seed: 11 });
      let state = initialState(plan, noise);
      for (let i = 0; i < evaluations; i++) {
        const { alpha, sigma } = signalAndNoise(plan.steps[i]!.timestep, undefined);
        const variance = (alpha * spread) ** 2 + sigma ** 2;
        const output = state.latents.map((x, k) => (sigma * (x - alpha * mean[k]!)) / variance);
        state = sampler.step(plan, state, output, i).state;
      }
      const first = signalAndNoise(951, undefined);
      const now = signalAndNoise(801, undefined);
      const width = (point: { alpha: number; sigma: number }) =>
        Math.hypot(point.alpha * spread, point.sigma);
      const exact = mean.map(
        (m, k) => now.alpha * m + (width(now) * (noise[k]! - first.alpha * m)) / width(first),
      );
      return largestDifference(state.latents, exact);
    };
    const [rungeKutta, ddim] = [errorAt('pndm', 12), errorAt('ddim', 3)];
    // Second order against first; 17 times better was measured.
    expect(rungeKutta).toBeLessThan(ddim / 12);
  });
});

describe('rectified flow', () => {
  it('with constant velocity is exact at every N, and every end point is the end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.float({ min: -3, max: 3, noNaN: true }),
        (stepCount, start, shift) => {
          const sampler = createRectifiedFlow();
          const plan = sampler.plan(stepCount);
          // Sums of up to 64 terms below 16, each rounded to half a unit in the last place (2^-21).
          const tolerance = 64 * 2 ** -21;
          const velocity = Float32Array.from(start, (x, k) => shift + x * 0.5 - k);
          let state = initialState(plan, Float32Array.from(start));
          const end = state.latents.map((x, k) => x + velocity[k]!);
          for (let i = 0; i < stepCount; i++) {
            const result = sampler.step(plan, state, velocity, i);
            expect(largestDifference(result.endpoint, end)).toBeLessThan(tolerance);
            state = result.state;
          }
          // One step is exact to the bit; N steps round N times.
          expect(largestDifference(state.latents, end)).toBeLessThanOrEqual(stepCount === 1 ? 0 : tolerance);
        },
      ),
    );
  });
});
