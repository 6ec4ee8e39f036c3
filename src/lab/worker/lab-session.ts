/** One laboratory: its pairs, its flows so far, and the job under way. Knows no worker, so it runs in Node too. */
import { couple, firstPairs, type Pairs, pairDraw } from '../flow/coupling.ts';
import { samplePoints } from '../flow/distributions.ts';
import { energyDistanceTo } from '../flow/energy-distance.ts';
import { alphaBars, walkForward } from '../flow/forward-process.ts';
import type { InterpolationKind } from '../flow/interpolation.ts';
import { createKernelVelocity } from '../flow/kernel-velocity.ts';
import { type LabScale, type LabSettings, pageScale } from '../flow/laboratory-settings.ts';
import { FlowNetwork, prepareNetworks } from '../flow/network.ts';
import { firstPoints, type Points } from '../flow/points.ts';
import { createRandom, streams } from '../flow/random.ts';
import type { Velocity } from '../flow/velocity.ts';
import { distil, type Job, measureCoupling, measureFlow, trainNetwork, travelBack } from './jobs.ts';
import { packPath } from './packed-path.ts';
import type { Draft, JobReport, JobRequest, JobResult } from './protocol.ts';

const forwardStride = 20;
/** The kernel goes through all of its pairs for every point and step. */
const kernelPairs = 1000;

/** A flow that is done: what it learned, and where it takes π0's points. */
interface Flow {
  readonly velocity: Velocity;
  /** None for the kernel. */
  readonly network: FlowNetwork | null;
  readonly pairs: Pairs;
}

export class LabSession {
  readonly draft: Draft;
  readonly #settings: LabSettings;
  readonly #scale: LabScale;
  readonly #toEnd: (points: Points) => number;
  readonly #toStart: (points: Points) => number;
  readonly #flows: Flow[] = [];
  readonly #networks: FlowNetwork[] = [];
  #job: Job<JobResult> | null = null;

  private constructor(settings: LabSettings, scale: LabScale) {
    this.#settings = settings;
    this.#scale = scale;
    const { particles, measured } = scale;
    const { seed, from, to } = settings;
    const starts = samplePoints(from, particles, createRandom(seed, streams.start));
    const ends = samplePoints(to, particles, createRandom(seed, streams.end));
    const pairs = couple(settings.coupling, starts, ends);
    const reference = samplePoints(to, measured, createRandom(seed, streams.fresh)).points;
    this.#toEnd = energyDistanceTo(reference);
    this.#toStart = energyDistanceTo(firstPoints(pairs.starts, measured));
    this.draft = {
      pairs,
      reference,
      coupling: measureCoupling(pairs),
      floor: this.#toEnd(firstPoints(pairs.ends, measured)),
    };
  }

  static async open(settings: LabSettings, scale: LabScale = pageScale): Promise<LabSession> {
    if (settings.model === 'network') await prepareNetworks();
    return new LabSession(settings, scale);
  }

  /** Replaces the job under way. @throws RangeError for a flow that doesn't exist, or a student of a kernel */
  start(request: JobRequest): void {
    this.#job = this.#create(request);
  }

  /**
   * Goes on with the job for about `budgetMs`; 0 = one step.
   * @throws RangeError without a job
   */
  advance(budgetMs: number, now: () => number): JobReport {
    const job = this.#job;
    if (job === null) throw new RangeError('There is no job to go on with.');
    const until = now() + budgetMs;
    const losses: number[] = [];
    for (;;) {
      const step = job.next();
      if (step.done) {
        this.#job = null;
        return { losses, stage: 'measuring', result: step.value };
      }
      if (step.value === 'measuring') {
        if (now() >= until) return { losses, stage: 'measuring' };
      } else {
        losses.push(step.value.loss);
        if (now() >= until) return { losses, stage: 'training' };
      }
    }
  }

  dispose(): void {
    for (const network of this.#networks.splice(0)) network.dispose();
  }

  #create(request: JobRequest): Job<JobResult> {
    switch (request.kind) {
      case 'flow':
        return this.#reflow();
      case 'diffusion':
        return this.#learnDiffusion();
      case 'student':
        return this.#distil(request.teacher, this.#flow(request.teacher));
      case 'round-trip':
        return this.#travel(request.flow, this.#flow(request.flow));
      case 'forward-walk':
        return this.#walk();
    }
  }

  #flow(number: number): Flow {
    const flow = this.#flows[number - 1];
    if (flow === undefined)
      throw new RangeError(`There is no flow ${number}: ${this.#flows.length} are done.`);
    return flow;
  }

  /** Algorithm 1: learn v from the last pairs, follow it to new ones. */
  *#reflow(): Job<JobResult> {
    const number = this.#flows.length + 1;
    const pairs = this.#flows.at(-1)?.pairs ?? this.draft.pairs;
    const { velocity, network } = yield* this.#learn(pairs, number, 'straight');
    const measured = yield* measureFlow(velocity, pairs.starts, this.#toEnd, this.#scale);
    this.#flows.push({ velocity, network, pairs: measured.pairs });
    return { kind: 'flow', value: measured.result };
  }

  *#learnDiffusion(): Job<JobResult> {
    const { velocity } = yield* this.#learn(this.draft.pairs, 1, 'diffusion');
    const { result } = yield* measureFlow(velocity, this.draft.pairs.starts, this.#toEnd, this.#scale);
    return { kind: 'diffusion', value: result };
  }

  *#learn(
    pairs: Pairs,
    number: number,
    interpolation: InterpolationKind,
  ): Job<Pick<Flow, 'velocity' | 'network'>> {
    const { model, bandwidth, seed, steps, coupling } = this.#settings;
    if (model === 'kernel') {
      return {
        velocity: createKernelVelocity(firstPairs(pairs, kernelPairs), bandwidth, interpolation),
        network: null,
      };
    }
    const network = FlowNetwork.create(createRandom(seed, streams.weights + number));
    this.#networks.push(network);
    const independent = number === 1 && coupling === 'independent';
    const random = createRandom(seed, streams.batches + number);
    yield* trainNetwork(
      network,
      pairs,
      pairDraw(this.#scale.particles, independent),
      interpolation,
      random,
      steps,
    );
    return { velocity: (points, t) => network.at(points, t), network };
  }

  *#distil(number: number, { network, pairs }: Flow): Job<JobResult> {
    if (network === null) throw new RangeError('A kernel has no weights that a student could start from.');
    const student = network.copy();
    this.#networks.push(student);
    const random = createRandom(this.#settings.seed, streams.distillation + number);
    const value = yield* distil(student, pairs, number, random, this.#toEnd, this.#scale);
    return { kind: 'student', value };
  }

  *#travel(number: number, { velocity }: Flow): Job<JobResult> {
    const value = yield* travelBack(velocity, this.draft.pairs.ends, number, this.#toStart, this.#scale);
    return { kind: 'round-trip', value };
  }

  *#walk(): Job<JobResult> {
    yield 'measuring';
    const random = createRandom(this.#settings.seed, streams.forwardProcess);
    const states = walkForward(this.draft.pairs.ends, forwardStride, random);
    const path = packPath(states);
    return { kind: 'forward-walk', value: { stride: forwardStride, path, alphaBars: alphaBars() } };
  }
}
