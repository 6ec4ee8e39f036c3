/** Reflow as a whole, on what the laboratory opens with: the claims that the page makes about its numbers. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabScale, LabSettings } from '../flow/laboratory-settings.ts';
import { LabSession } from './lab-session.ts';
import type { FlowResult, JobRequest, JobResult } from './protocol.ts';

const settings: LabSettings = {
  from: { kind: 'preset', name: 'left-blobs' },
  to: { kind: 'preset', name: 'right-blobs' },
  coupling: 'independent',
  model: 'network',
  bandwidth: 0.12,
  steps: 300,
  seed: 1,
};

/** A quarter of the page's, so that it takes seconds. */
const scale: LabScale = { particles: 500, measured: 500, pathSteps: 40 };
const slowMachineMs = 120_000;

function run(session: LabSession, request: JobRequest): JobResult {
  session.start(request);
  for (;;) {
    const { result } = session.advance(1000, () => performance.now());
    if (result !== undefined) return result;
  }
}

const flowOf = (result: JobResult): FlowResult => (result as Extract<JobResult, { kind: 'flow' }>).value;
const distanceAt = ({ distances }: FlowResult, n: number): number =>
  distances.find(({ steps }) => steps === n)!.distance;

describe('reflow, three times', () => {
  let session: LabSession;
  let flows: FlowResult[];
  beforeAll(async () => {
    session = await LabSession.open(settings, scale);
    flows = [1, 2, 3].map(() => flowOf(run(session, { kind: 'flow' })));
  }, slowMachineMs);

  it('straightens: S at most a tenth of the first round', () => {
    const [first, second, third] = flows.map(({ straightness }) => straightness);
    expect(first).toBeGreaterThan(1);
    expect(second).toBeLessThan(first! / 10);
    expect(third).toBeLessThan(first! / 10);
  });

  it('keeps the marginals: the ends of every round are π1, far nearer than the 1-flow in one step', () => {
    // Two samples of 500 from π1 are 0 ± 0.006 apart; a network of 300 steps adds about as much.
    for (const flow of flows) expect(Math.abs(distanceAt(flow, 40))).toBeLessThan(0.02);
  });

  it('rewires: fewer crossings and no dearer a transport at every round', () => {
    const rounds = [session.draft.coupling, ...flows.map(({ coupling }) => coupling)];
    for (let k = 1; k < rounds.length; k++) {
      expect(rounds[k]!.lineCrossings).toBeLessThan(rounds[k - 1]!.lineCrossings);
      expect(rounds[k]!.transportCost).toBeLessThan(rounds[k - 1]!.transportCost);
    }
  });

  it('one step is poor for the 1-flow and good after reflow', () => {
    expect(distanceAt(flows[0]!, 1)).toBeGreaterThan(0.3);
    expect(distanceAt(flows[1]!, 1)).toBeLessThan(distanceAt(flows[0]!, 1) / 10);
  });

  it('a student of the 2-flow is better than one of the 1-flow after the same few steps', () => {
    const [poor, good] = [1, 2].map((teacher) => {
      const result = run(session, { kind: 'student', teacher });
      return (result as Extract<JobResult, { kind: 'student' }>).value;
    });
    expect(good!.miss).toBeLessThan(poor!.miss / 2);
    expect(good!.progress.at(-1)!.distance).toBeLessThan(poor!.progress.at(-1)!.distance);
  });

  it(
    'comes back from noise nearer where the paths are straight',
    () => {
      const [curved, straight] = [1, 2].map((flow) => {
        const result = run(session, { kind: 'round-trip', flow });
        return (result as Extract<JobResult, { kind: 'round-trip' }>).value;
      });
      expect(straight!.miss).toBeLessThan(curved!.miss / 4);
    },
    slowMachineMs,
  );

  it(
    'the same seed gives the same flow',
    async () => {
      const again = await LabSession.open(settings, scale);
      expect(flowOf(run(again, { kind: 'flow' })).straightness).toBe(flows[0]!.straightness);
      again.dispose();
    },
    slowMachineMs,
  );

  it('refuses what there is not', () => {
    expect(() => session.start({ kind: 'student', teacher: 9 })).toThrow(RangeError);
  });
});

describe('the kernel', () => {
  it(
    'straightens without any training',
    async () => {
      const session = await LabSession.open({ ...settings, model: 'kernel' }, scale);
      const [first, second] = [1, 2].map(() => flowOf(run(session, { kind: 'flow' })));
      expect(second!.straightness).toBeLessThan(first!.straightness / 10);
      expect(second!.coupling.lineCrossings).toBeLessThan(first!.coupling.lineCrossings);
      session.start({ kind: 'student', teacher: 1 });
      expect(() => session.advance(0, () => 0)).toThrow(/no weights/u);
    },
    slowMachineMs,
  );
});
