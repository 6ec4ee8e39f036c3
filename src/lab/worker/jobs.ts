/** The laboratory's longer works, as generators: they yield after every bit, so that a reader can stop them. */
import type { DrawPair, Pairs } from '../flow/coupling.ts';
import { lineCrossings, pathCrossings } from '../flow/crossings.ts';
import { trainStudent } from '../flow/distillation.ts';
import { trainFlow } from '../flow/flow-training.ts';
import type { InterpolationKind } from '../flow/interpolation.ts';
import { drawnPaths, type LabScale, studentSteps } from '../flow/laboratory-settings.ts';
import type { FlowNetwork } from '../flow/network.ts';
import { meanMiss, straightnessOf, transportCost } from '../flow/pair-measures.ts';
import { firstPoints, type Points } from '../flow/points.ts';
import type { Random } from '../flow/random.ts';
import { endOf, followFlow, type Trajectory, type Velocity } from '../flow/velocity.ts';
import { sampleField } from '../flow/velocity-grid.ts';
import { packPath } from './packed-path.ts';
import type { CouplingMeasures, DistanceByN, FlowResult, RoundTrip, StudentResult } from './protocol.ts';

/** A training step's loss, or a bit of measuring. */
export type JobStep = { readonly loss: number } | 'measuring';
export type Job<Result> = Generator<JobStep, Result, void>;

/** N at which ends are held against π1; the last is that of the drawn paths. */
const measuredSteps = [1, 2, 4, 8, 16, 32, 64];
/** Every fourth state of a path is enough to see where it crosses others. */
const crossingStride = 4;
/** Optimiser steps between two measurements of a student. */
const studentStride = 8;
const [gridSide, gridTimes] = [19, 21];

export function measureCoupling(pairs: Pairs): CouplingMeasures {
  return { lineCrossings: lineCrossings(pairs, drawnPaths), transportCost: transportCost(pairs) };
}

export function* trainNetwork(
  network: FlowNetwork,
  pairs: Pairs,
  drawPair: DrawPair,
  interpolation: InterpolationKind,
  random: Random,
  steps: number,
): Job<void> {
  for (let step = 0; step < steps; step++) {
    yield { loss: trainFlow({ network, pairs, drawPair, interpolation, random }, step, steps) };
  }
}

/** Follows a flow from π0's points and measures it. @param distance of end points to π1 */
export function* measureFlow(
  velocity: Velocity,
  starts: Points,
  distance: (ends: Points) => number,
  scale: LabScale,
): Job<{ readonly result: FlowResult; readonly pairs: Pairs }> {
  yield 'measuring';
  const trajectory = followFlow(velocity, starts, scale.pathSteps);
  const pairs = { starts, ends: endOf(trajectory) };
  yield 'measuring';
  const distances: DistanceByN[] = [];
  const measured = firstPoints(starts, scale.measured);
  for (const steps of measuredSteps.filter((n) => n < scale.pathSteps)) {
    distances.push({ steps, distance: distance(endOf(followFlow(velocity, measured, steps))) });
    yield 'measuring';
  }
  distances.push({ steps: scale.pathSteps, distance: distance(firstPoints(pairs.ends, scale.measured)) });
  yield 'measuring';
  const result = {
    path: packPath(trajectory.states),
    oneStep: endOf(followFlow(velocity, starts, 1)),
    field: { side: gridSide, values: sampleField(velocity, gridSide, gridTimes) },
    coupling: measureCoupling(pairs),
    straightness: straightnessOf(trajectory),
    pathCrossings: pathCrossings(trajectory, drawnPaths, crossingStride),
    distances,
  };
  return { result, pairs };
}

/**
 * One-step distillation: min E ‖(Z_1 - Z_0) - v(Z_0)‖² over a flow's pairs, from the flow's own weights.
 * @param student takes the weights over; trained in place
 */
export function* distil(
  student: FlowNetwork,
  pairs: Pairs,
  teacher: number,
  random: Random,
  distance: (ends: Points) => number,
  scale: LabScale,
): Job<StudentResult> {
  const endsOf = (starts: Points): Points =>
    endOf(followFlow((points, t) => student.at(points, t), starts, 1));
  const measured = firstPoints(pairs.starts, scale.measured);
  const progress: DistanceByN[] = [];
  for (let step = 0; step <= studentSteps; step++) {
    if (step % studentStride === 0) progress.push({ steps: step, distance: distance(endsOf(measured)) });
    if (step < studentSteps) yield { loss: trainStudent(student, pairs, random) };
  }
  yield 'measuring';
  const ends = endsOf(pairs.starts);
  return { teacher, ends, progress, miss: meanMiss(pairs.ends, ends) };
}

/** From data to noise and forth again. */
export function* travelBack(
  velocity: Velocity,
  data: Points,
  flow: number,
  distanceToNoise: (noise: Points) => number,
  scale: LabScale,
): Job<RoundTrip> {
  yield 'measuring';
  const back: Trajectory = followFlow(velocity, data, scale.pathSteps, 'backward');
  yield 'measuring';
  const forth = followFlow(velocity, endOf(back), scale.pathSteps);
  return {
    flow,
    back: packPath(back.states),
    forth: packPath(forth.states),
    miss: meanMiss(data, endOf(forth)),
    distance: distanceToNoise(firstPoints(endOf(back), scale.measured)),
  };
}
