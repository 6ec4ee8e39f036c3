import { describe, expect, it } from 'vitest';
import {
  createNoiseSchedule,
  type NoiseScheduleOptions,
  trainingBetas,
  trainingSigmas,
} from './noise-schedule.ts';
import { exponentialSigmas, interpolate, karrasSigmas, timestepOfSigma } from './sigma-schedule.ts';

const options: NoiseScheduleOptions = {
  trainSteps: 5,
  betaStart: 0.04,
  betaEnd: 0.36,
  betaSchedule: 'linear',
  rescaleToZeroTerminalSnr: false,
};

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6));

describe('betas', () => {
  it.each([
    ['linear', [0.04, 0.12, 0.2, 0.28, 0.36]],
    ['scaled_linear', [0.04, 0.09, 0.16, 0.25, 0.36]],
    // cos^2((t + 0.008) / 1.008 pi / 2): 1 - ratio of neighbours, the last capped.
    ['squaredcos_cap_v2', [0.1012941, 0.2795438, 0.4736353, 0.7240524, 0.999]],
    ['exp', Array(5).fill(1 - Math.exp(-12 / 5))],
    ['sigmoid', [-6, -3, 0, 3, 6].map((x) => 0.04 + 0.32 / (1 + Math.exp(-x)))],
  ] as const)('%s', (betaSchedule, betas) => {
    expect([...trainingBetas({ ...options, betaSchedule })]).toEqual(close(betas));
  });

  it('can be given', () => {
    const schedule = createNoiseSchedule({ ...options, trainSteps: 3, trainedBetas: [0.5, 0.25, 0] });
    expect([...schedule.alphasCumprod]).toEqual(close([0.5, 0.375, 0.375]));
  });

  it.each([
    ['trained_betas', { trainedBetas: [0.1, 0.2] }],
    ['trained_betas', { trainedBetas: [0.1, 0.2, 0.3, 0.4, 1.5] }],
    ['beta_end', { betaEnd: 2 }],
    ['beta_end', { betaEnd: Number.NaN }],
  ])('are refused: %s %j', (subject, wrong) => {
    expect(() => createNoiseSchedule({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ code: 'config-invalid', subject }),
    );
  });
});

describe('zero terminal SNR', () => {
  it('shifts and scales sqrt(alpha-bar), first value kept, last exactly 0', () => {
    const plain = createNoiseSchedule(options).alphasCumprod;
    const { alphasCumprod } = createNoiseSchedule({ ...options, rescaleToZeroTerminalSnr: true });
    const roots = [...plain].map(Math.sqrt);
    const [first, last] = [roots[0]!, roots[4]!];
    expect([...alphasCumprod]).toEqual(
      close(roots.map((root) => (((root - last) * first) / (first - last)) ** 2)),
    );
    expect(alphasCumprod[4]).toBe(0);
  });

  it('leaves sigma finite where the samplers ask for it', () => {
    const schedule = createNoiseSchedule({ ...options, rescaleToZeroTerminalSnr: true });
    expect(trainingSigmas(schedule, true).at(-1)).toBeCloseTo(4096, 3);
    expect(trainingSigmas(schedule, false).at(-1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('sigmas', () => {
  it('are interpolated between whole timesteps and held at the ends', () => {
    const table = Float32Array.of(1, 2, 4);
    expect(interpolate(table, [2, 1.5, 0.25, 0, 3, -1])).toEqual([4, 3, 1.25, 1, 4, 1]);
  });

  it('are spaced in sigma^(1/7) or in the logarithm, from the largest down', () => {
    expect(karrasSigmas(1, 128, 3)).toEqual(close([128, 1.5 ** 7, 1]));
    expect(exponentialSigmas(1, 16, 3)).toEqual(close([16, 4, 1]));
    expect(karrasSigmas(1, 128, 1)).toEqual(close([128]));
  });

  it('have timesteps, fractional in the logarithm', () => {
    const table = Float32Array.of(1, 2, 4, 16);
    const timesteps = [0.1, 1, Math.SQRT2, 2, 8, 16, 99].map((sigma) => timestepOfSigma(sigma, table));
    expect(timesteps).toEqual(close([0, 0, 0.5, 1, 2.5, 3, 3]));
  });
});
