/** The laboratory as the page knows it; changes are pure. */
import type { LabSettings } from '../flow/laboratory-settings.ts';
import type {
  Draft,
  FlowResult,
  ForwardWalk,
  JobReport,
  JobRequest,
  JobResult,
  RoundTrip,
  StudentResult,
} from '../worker/protocol.ts';

export interface RunningJob {
  readonly request: JobRequest;
  readonly stage: JobReport['stage'];
  readonly paused: boolean;
  /** Of every training step so far. */
  readonly losses: readonly number[];
}

export interface Laboratory {
  readonly settings: LabSettings;
  /** null until the worker has drawn the pairs. */
  readonly draft: Draft | null;
  readonly flows: readonly FlowResult[];
  readonly diffusion: FlowResult | null;
  /** By teacher: 1 or 2. */
  readonly students: Readonly<Record<number, StudentResult>>;
  readonly roundTrip: RoundTrip | null;
  readonly walk: ForwardWalk | null;
  readonly job: RunningJob | null;
  /** Losses of the last training that ended. */
  readonly lastLosses: readonly number[];
  readonly error: string | null;
}

export function emptyLaboratory(settings: LabSettings): Laboratory {
  return {
    settings,
    draft: null,
    flows: [],
    diffusion: null,
    students: {},
    roundTrip: null,
    walk: null,
    job: null,
    lastLosses: [],
    error: null,
  };
}

/** As many rounds of Algorithm 1 as the page has room for. */
export const lastFlow = 3;

/** Why a job can't start now, in words for the reader; null = it can. */
export function obstacleTo(lab: Laboratory, request: JobRequest): string | null {
  if (lab.draft === null) return 'The pairs are being drawn.';
  if (lab.job !== null) return 'A training is under way.';
  switch (request.kind) {
    case 'flow':
      return lab.flows.length >= lastFlow ? 'All three flows are trained.' : null;
    case 'student':
      if (lab.settings.model === 'kernel') {
        return 'A student starts from its flow’s network, and the kernel has none. Choose the network.';
      }
      return lab.flows.length < request.teacher ? `Train the ${request.teacher}-flow first.` : null;
    case 'round-trip':
      return lab.flows.length < request.flow ? `Train the ${request.flow}-flow first.` : null;
    default:
      return null;
  }
}

export function jobStarted(lab: Laboratory, request: JobRequest): Laboratory {
  return { ...lab, job: { request, stage: 'training', paused: false, losses: [] }, error: null };
}

export function jobPaused(lab: Laboratory, paused: boolean): Laboratory {
  return lab.job === null ? lab : { ...lab, job: { ...lab.job, paused } };
}

export function jobReported(lab: Laboratory, { losses, stage, result }: JobReport): Laboratory {
  if (lab.job === null) return lab;
  const all = [...lab.job.losses, ...losses];
  if (result === undefined) return { ...lab, job: { ...lab.job, stage, losses: all } };
  const done = { ...lab, job: null, lastLosses: all.length > 0 ? all : lab.lastLosses };
  return { ...done, ...placed(lab, result) };
}

function placed(lab: Laboratory, result: JobResult): Partial<Laboratory> {
  switch (result.kind) {
    case 'flow':
      return { flows: [...lab.flows, result.value] };
    case 'diffusion':
      return { diffusion: result.value };
    case 'student':
      return { students: { ...lab.students, [result.value.teacher]: result.value } };
    case 'round-trip':
      return { roundTrip: result.value };
    case 'forward-walk':
      return { walk: result.value };
  }
}

export function labFailed(lab: Laboratory, error: string): Laboratory {
  return { ...lab, job: null, error };
}
