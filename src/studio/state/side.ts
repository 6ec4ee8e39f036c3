/** One side of the comparison: what it draws, how far it is, what it shows. Pure transitions over worker events. */
import type {
  DrawEvent,
  DrawRequest,
  DrawResult,
  DrawStep,
  Latents,
  LoadProgress,
  Picture,
  SerializedEngineError,
} from '../../worker/protocol.ts';

export type SideName = 'a' | 'b';
export const sideNames: readonly SideName[] = ['a', 'b'];
export const otherSide = (side: SideName): SideName => (side === 'a' ? 'b' : 'a');

/** What regions carry as data-state; a side waiting for its turn is running too. */
export type SideStatus = 'idle' | 'running' | 'done' | 'error';

/** 'queued': the other side draws first. 'starting': before the worker's first word. */
export type SideStage = 'queued' | 'starting' | 'loading' | 'text' | 'steps' | 'decode';

export interface SideRun {
  readonly status: SideStatus;
  readonly stage: SideStage;
  /** What is drawn, or was last. */
  readonly request: DrawRequest | null;
  readonly loading: LoadProgress | null;
  /** z_0 and its path time; null before the first step. */
  readonly start: { readonly latents: Latents; readonly time: number } | null;
  /** z_0, decoded: often only after the run. */
  readonly noise: Picture | null;
  readonly steps: readonly DrawStep[];
  /** Clock when the first evaluation began, ms; null before. */
  readonly steppingSinceMs: number | null;
  /** Clock at the latest step's end. */
  readonly lastStepAtMs: number | null;
  readonly result: DrawResult | null;
  /** Whether the result is an earlier draw of the same request, kept instead of drawn again. */
  readonly reused: boolean;
  /** Whether the tab was hidden at any time of the run: its times say nothing then. */
  readonly hidden: boolean;
  readonly error: SerializedEngineError | null;
  /** Whether the reader cancelled before the end. */
  readonly stopped: boolean;
  /** What the square showed before this run; stands in, dimmed, until the run has something to show. */
  readonly previous: Picture | null;
}

export const idleSide: SideRun = {
  status: 'idle',
  stage: 'queued',
  request: null,
  loading: null,
  start: null,
  noise: null,
  steps: [],
  steppingSinceMs: null,
  lastStepAtMs: null,
  result: null,
  reused: false,
  hidden: false,
  error: null,
  stopped: false,
  previous: null,
};

/** The best picture a side has: the result, else the latest end point that was decoded, else the noise. */
export function latestPicture(side: SideRun): Picture | null {
  const endpoint = side.steps.findLast((step) => step.endpointPicture !== undefined)?.endpointPicture;
  return side.result?.picture ?? endpoint ?? side.noise ?? side.previous;
}

export function queueSide(side: SideRun, request: DrawRequest): SideRun {
  return { ...idleSide, status: 'running', request, previous: latestPicture(side) };
}

export function startSide(side: SideRun): SideRun {
  return { ...side, stage: 'starting' };
}

export function receiveEvent(side: SideRun, event: DrawEvent, atMs: number): SideRun {
  switch (event.kind) {
    case 'loading':
      return { ...side, stage: 'loading', loading: event.progress };
    case 'text':
      return { ...side, stage: 'text' };
    case 'noise': {
      const { latents, time, picture = null } = event;
      return { ...side, stage: 'steps', start: { latents, time }, noise: picture, steppingSinceMs: atMs };
    }
    case 'step':
      return {
        ...side,
        stage: 'steps',
        steps: [...side.steps, event.step],
        steppingSinceMs: side.steppingSinceMs ?? atMs - event.step.milliseconds,
        lastStepAtMs: atMs,
      };
    case 'decode':
      return { ...side, stage: 'decode' };
  }
}

export function finishSide(side: SideRun, result: DrawResult, hidden = false): SideRun {
  return { ...side, status: 'done', result, hidden, error: null, previous: null };
}

/** An earlier finished run takes the place of drawing the same request again. */
export function reuseSide(earlier: SideRun): SideRun {
  return { ...earlier, reused: true };
}

export function failSide(side: SideRun, error: SerializedEngineError): SideRun {
  return { ...side, status: 'error', error };
}

/** A finished side stays; one under way goes idle and keeps what it has. */
export function cancelSide(side: SideRun): SideRun {
  if (side.status !== 'running') return side;
  return { ...side, status: 'idle', stopped: true };
}
