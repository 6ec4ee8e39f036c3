/**
 * Against closed forms: for N(m, a² I) to N(n, b² I), independently coupled, X_t is Gaussian with variance
 * s(t)² = (1-t)² a² + t² b², so v(x, t) = n - m + (s'/s)(x - m_t), paths are m_t + s(t) (Z_0 - m) / a, and
 * S = 2 ∫ (b - a - s')² dt; for a = b = 1 that is 2 (2 - π/2) = 0.858.
 */
import { describe, expect, it } from 'vitest';
import type { Pairs } from './coupling.ts';
import { pairDraw } from './coupling.ts';
import { trainFlow } from './flow-training.ts';
import { createKernelVelocity } from './kernel-velocity.ts';
import { FlowNetwork, prepareNetworks } from './network.ts';
import { straightnessOf } from './pair-measures.ts';
import type { Points } from './points.ts';
import { createRandom } from './random.ts';
import { endOf, followFlow, type Velocity } from './velocity.ts';

const [mean, spread] = [2.5, { start: 1, end: 0.6 }];

function gaussian(count: number, x: number, sigma: number, stream: number): Points {
  const random = createRandom(11, stream);
  return Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? x : 0) + sigma * random.normal());
}

const spreadAt = (t: number): number => Math.hypot((1 - t) * spread.start, t * spread.end);
const spreadRate = (t: number): number => (t * spread.end ** 2 - (1 - t) * spread.start ** 2) / spreadAt(t);

const exact: Velocity = (points, t) =>
  points.map((value, i) => {
    const [centre, drift] = i % 2 === 0 ? [mean * t, mean] : [0, 0];
    return drift + (spreadRate(t) / spreadAt(t)) * (value - centre);
  });

/** S from the formula, by the midpoint rule. */
function exactStraightness(): number {
  const cells = 10_000;
  let sum = 0;
  for (let k = 0; k < cells; k++) sum += (spread.end - spread.start - spreadRate((k + 0.5) / cells)) ** 2;
  return (2 * sum) / cells;
}

/** Root of the mean squared difference over the root of the mean square, where the particles really are. */
function relativeError(velocity: Velocity): number {
  const starts = gaussian(400, 0, spread.start, 5);
  let [error, size] = [0, 0];
  for (const t of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const at = starts.map((value, i) => (i % 2 === 0 ? mean * t : 0) + (spreadAt(t) / spread.start) * value);
    const [found, wanted] = [velocity(at, t), exact(at, t)];
    for (const [i, value] of wanted.entries()) {
      error += (found[i]! - value) ** 2;
      size += value ** 2;
    }
  }
  return Math.sqrt(error / size);
}

const pairsOf = (count: number): Pairs => ({
  starts: gaussian(count, 0, spread.start, 1),
  ends: gaussian(count, mean, spread.end, 2),
});

describe('two Gaussians', () => {
  it("Euler's paths, followed along the exact field, have the formula's straightness and spread", () => {
    const starts = gaussian(4000, 0, spread.start, 3);
    const trajectory = followFlow(exact, starts, 400);
    // Sampling error of a mean of 8000 squares is 1.6 %.
    expect(straightnessOf(trajectory) / exactStraightness()).toBeCloseTo(1, 1);
    const end = endOf(trajectory);
    const scale = end.filter((_, i) => i % 2 === 1).map((y, i) => y / starts[2 * i + 1]!);
    expect(Math.max(...scale.map((ratio) => Math.abs(ratio / (spread.end / spread.start) - 1)))).toBeLessThan(
      0.01,
    );
  });

  it('the formula gives 2 (2 - π/2) for equal spreads', () => {
    const rate = (t: number): number => (2 * t - 1) / Math.hypot(t, 1 - t);
    const cells = 10_000;
    let sum = 0;
    for (let k = 0; k < cells; k++) sum += rate((k + 0.5) / cells) ** 2 / cells;
    expect(2 * sum).toBeCloseTo(2 * (2 - Math.PI / 2), 6);
  });

  it('the kernel finds the field', () => {
    const velocity = createKernelVelocity(pairsOf(20_000), 0.2, 'straight');
    // 20,000 pairs: sampling error of about 6 % and a kernel's bias of some 4 %; the drift alone would be 12 %.
    expect(relativeError(velocity)).toBeLessThan(0.08);
    expect(relativeError((points) => points.map((_, i) => (i % 2 === 0 ? mean : 0)))).toBeGreaterThan(0.12);
  });

  it('the network learns the field, and its straightness', async () => {
    await prepareNetworks();
    const network = FlowNetwork.create(createRandom(11, 100));
    const pairs = pairsOf(2000);
    const random = createRandom(11, 200);
    const training = {
      network,
      pairs,
      drawPair: pairDraw(2000, true),
      interpolation: 'straight' as const,
      random,
    };
    for (let step = 0; step < 250; step++) trainFlow(training, step, 250);
    const velocity: Velocity = (points, t) => network.at(points, t);
    expect(relativeError(velocity)).toBeLessThan(0.09);
    const measured = straightnessOf(followFlow(velocity, pairs.starts, 50));
    expect(measured / exactStraightness()).toBeGreaterThan(0.75);
    expect(measured / exactStraightness()).toBeLessThan(1.25);
    network.dispose();
  }, 120_000);
});
