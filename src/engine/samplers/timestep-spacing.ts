/**
 * Which of the T training timesteps a run of N steps visits (Lin et al. 2023, arXiv 2305.08891, table 2), with
 * NumPy's roundings: half to even, and arange's accumulated increment.
 */

export const timestepSpacings = ['leading', 'linspace', 'trailing'] as const;
export type TimestepSpacing = (typeof timestepSpacings)[number];

/**
 * N whole timesteps, falling, as DDIM, DDPM and PNDM place them.
 * leading: multiples of T // N, plus `offset`; linspace: 0 and T - 1 included; trailing: T - 1 included.
 */
export function wholeTimesteps(
  spacing: TimestepSpacing,
  trainSteps: number,
  stepCount: number,
  offset: number,
): number[] {
  switch (spacing) {
    case 'leading':
      return leadingTimesteps(trainSteps, stepCount, stepCount, offset);
    case 'linspace':
      return linspaceTimesteps(trainSteps - 1, stepCount).map(roundHalfToEven);
    case 'trailing':
      return trailingTimesteps(trainSteps, trainSteps, stepCount);
  }
}

/** As {@link wholeTimesteps}, for Euler and Heun: linspace stays fractional, in float32. */
export function fractionalTimesteps(
  spacing: TimestepSpacing,
  trainSteps: number,
  stepCount: number,
  offset: number,
): number[] {
  if (spacing !== 'linspace') return wholeTimesteps(spacing, trainSteps, stepCount, offset);
  return linspaceTimesteps(trainSteps - 1, stepCount).map(Math.fround);
}

/**
 * As {@link wholeTimesteps}, for DPM-Solver and UniPC: linspace and leading lay out N + 1 points and drop the last.
 * @param lastTimestep T, or less where lambda is clipped; fewer than N steps may result with trailing
 */
export function solverTimesteps(
  spacing: TimestepSpacing,
  trainSteps: number,
  stepCount: number,
  offset: number,
  lastTimestep = trainSteps,
): number[] {
  switch (spacing) {
    case 'leading':
      return leadingTimesteps(lastTimestep, stepCount + 1, stepCount, offset, 1);
    case 'linspace':
      return linspaceTimesteps(lastTimestep - 1, stepCount + 1)
        .slice(0, -1)
        .map(roundHalfToEven);
    case 'trailing':
      return trailingTimesteps(lastTimestep, trainSteps, stepCount);
  }
}

function leadingTimesteps(
  range: number,
  divisor: number,
  count: number,
  offset: number,
  lowest = 0,
): number[] {
  const ratio = Math.floor(range / divisor);
  return Array.from({ length: count }, (_, i) => (count - 1 - i + lowest) * ratio + offset);
}

/** `count` evenly spaced points from `last` down to 0; [0] for one. */
function linspaceTimesteps(last: number, count: number): number[] {
  if (count === 1) return [0];
  const step = last / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === 0 ? last : (count - 1 - i) * step));
}

function trailingTimesteps(from: number, trainSteps: number, stepCount: number): number[] {
  // arange takes its increment from its first two values. For some N (61, 103, ...) it gives one value more than N,
  // timestep -1: a fault of the originals that isn't repeated here.
  const increment = from - trainSteps / stepCount - from;
  const count = Math.min(stepCount, Math.ceil((from * stepCount) / trainSteps));
  return Array.from({ length: count }, (_, i) => roundHalfToEven(from + i * increment) - 1);
}

export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Path time of a training timestep: 0 = noise, 1 = picture. */
export function pathTime(timestep: number, trainSteps: number): number {
  return Math.min(1, Math.max(0, 1 - (timestep + 1) / trainSteps));
}
