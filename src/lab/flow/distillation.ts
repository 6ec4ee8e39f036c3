/** One-step distillation's training: min E ‖(Z_1 - Z_0) - v(Z_0)‖² over a flow's own pairs. */
import type { Pairs } from './coupling.ts';
import { batchSize } from './flow-training.ts';
import type { FlowNetwork } from './network.ts';
import { pointCount } from './points.ts';
import type { Random } from './random.ts';

const learningRate = 0.0005;

/** One step, at t = 0 alone. @returns the loss of its batch */
export function trainStudent(student: FlowNetwork, pairs: Pairs, random: Random): number {
  const inputs = new Float32Array(3 * batchSize);
  const targets = new Float32Array(2 * batchSize);
  for (let b = 0; b < batchSize; b++) {
    const i = random.index(pointCount(pairs.starts));
    for (let axis = 0; axis < 2; axis++) {
      inputs[3 * b + axis] = pairs.starts[2 * i + axis]!;
      targets[2 * b + axis] = pairs.ends[2 * i + axis]! - pairs.starts[2 * i + axis]!;
    }
  }
  return student.train(inputs, targets, learningRate);
}
