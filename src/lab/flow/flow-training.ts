/**
 * Rectified flow's training: min_v E ∫ ‖dX_t/dt - v(X_t, t)‖² dt with X_t = φ(X_0, X_1, t), for the straight
 * interpolation dX_t/dt = X_1 - X_0 (Liu, Gong & Liu 2022, equation 1).
 */
import type { DrawPair, Pairs } from './coupling.ts';
import { type InterpolationKind, interpolations } from './interpolation.ts';
import type { FlowNetwork } from './network.ts';
import type { Random } from './random.ts';

export const batchSize = 256;
const firstRate = 0.01;

/** Falls from 0.01 along half a cosine to a hundredth of it. */
function learningRate(step: number, steps: number): number {
  return firstRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * step) / steps)));
}

export interface FlowTraining {
  readonly network: FlowNetwork;
  readonly pairs: Pairs;
  readonly drawPair: DrawPair;
  readonly interpolation: InterpolationKind;
  readonly random: Random;
}

/** One step of `steps`. @returns the loss of its batch */
export function trainFlow(training: FlowTraining, step: number, steps: number): number {
  const { network, pairs, drawPair, interpolation, random } = training;
  const inputs = new Float32Array(3 * batchSize);
  const targets = new Float32Array(2 * batchSize);
  for (let b = 0; b < batchSize; b++) {
    const [from, to] = drawPair(random);
    // Times spread over the batch: less noise than drawing each alone.
    const t = (b + random.uniform()) / batchSize;
    const mixture = interpolations[interpolation](t);
    for (let axis = 0; axis < 2; axis++) {
      const [start, end] = [pairs.starts[2 * from + axis]!, pairs.ends[2 * to + axis]!];
      inputs[3 * b + axis] = mixture.start * start + mixture.end * end;
      targets[2 * b + axis] = mixture.startRate * start + mixture.endRate * end;
    }
    inputs[3 * b + 2] = t;
  }
  return network.train(inputs, targets, learningRate(step, steps));
}
