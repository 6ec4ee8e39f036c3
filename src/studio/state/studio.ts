/** The studio's state and its one reducer: pure, no React, no worker. */
import type { BackendChoice, PromptTokens } from '../../worker/protocol.ts';
import type { DrawnState } from './drawn-state.ts';
import { isEngineFailure, startingEngine } from './engine.ts';
import { type LiveState, liveOff, oneStepSide } from './live.ts';
import { type PairViewState, plainPair } from './pair-view.ts';
import {
  advancePlayhead,
  movePlayhead,
  type Playhead,
  restingPlayhead,
  restPlayhead,
  rewindToPlay,
} from './playhead.ts';
import { emptyStrip, keepStripPicture, type SeedStrip } from './seed-strip.ts';
import { type Settings, swapSides } from './settings.ts';
import {
  cancelSide,
  failSide,
  finishSide,
  idleSide,
  queueSide,
  receiveEvent,
  reuseSide,
  type SideName,
  type SideRun,
  startSide,
} from './side.ts';
import { modelOfSide, namedModels } from './side-models.ts';
import type { StudioAction } from './studio-action.ts';
import { emptySweep, keepCell, type SweepState, startSweep, takeCell } from './sweep.ts';
import { lastFrameOf, withFrames } from './trajectory.ts';
import { initialTraces, type TraceChoice } from './trajectory-chart.ts';

export type { StudioAction };

export interface StudioState extends DrawnState {
  readonly playhead: Playhead;
  /** What the plot under the filmstrips shows. */
  readonly traces: TraceChoice;
  /** Of the prompt they were counted for; null before the first count. */
  readonly tokens: (PromptTokens & { readonly prompt: string }) | null;
  readonly live: LiveState;
  readonly pairView: PairViewState;
  readonly sweep: SweepState;
  readonly strip: SeedStrip;
}

export function initialStudio(settings: Settings, choice: BackendChoice): StudioState {
  return {
    settings,
    engine: startingEngine(choice),
    sides: { a: idleSide, b: idleSide },
    run: null,
    playhead: restingPlayhead,
    traces: initialTraces,
    tokens: null,
    live: liveOff,
    pairView: plainPair,
    sweep: emptySweep,
    strip: emptyStrip,
  };
}

/** N of the playhead: of the side with more steps. */
export function lastIndex(state: StudioState): number {
  return lastFrameOf(state.sides);
}

function onSide(state: StudioState, side: SideName, change: (run: SideRun) => SideRun): StudioState {
  return { ...state, sides: { ...state.sides, [side]: change(state.sides[side]) } };
}

function reduceRun(state: StudioState, action: StudioAction): StudioState {
  switch (action.type) {
    case 'side-queued':
      return onSide(state, action.side, (run) => queueSide(run, action.request));
    case 'side-started':
      return onSide(state, action.side, startSide);
    case 'side-told':
      return onSide(state, action.side, (run) => receiveEvent(run, action.event, action.atMs));
    case 'side-finished':
      return onSide(state, action.side, (run) => finishSide(run, action.result, action.hidden));
    case 'side-reused':
      return onSide(state, action.side, () => reuseSide(action.earlier));
    case 'side-failed': {
      const failed = onSide(state, action.side, (run) => failSide(run, action.error));
      return isEngineFailure(action.error)
        ? {
            ...failed,
            engine: { ...failed.engine, status: 'failed', error: action.error, recovery: null },
          }
        : failed;
    }
    case 'draw-ended':
      return { ...state, run: null };
    default:
      return state;
  }
}

function reducePlayhead(state: StudioState, action: StudioAction): Playhead {
  const { playhead } = state;
  switch (action.type) {
    case 'playhead-moved':
      return { ...movePlayhead(playhead, action.index, lastIndex(state)), playing: false };
    case 'playback-started':
      return rewindToPlay(playhead);
    case 'playback-advanced':
      return advancePlayhead(playhead, lastIndex(state));
    case 'playback-stopped':
      return { ...playhead, playing: false };
    case 'view-chosen':
      return { ...playhead, view: action.view };
    case 'peeked':
      return { ...playhead, peek: action.peek };
    default:
      return playhead;
  }
}

export function reduceStudio(state: StudioState, action: StudioAction): StudioState {
  switch (action.type) {
    case 'settings-changed':
      return { ...state, settings: { ...state.settings, ...action.change } };
    case 'sides-swapped': {
      const settings = swapSides(namedModels(state.settings, action.models));
      const sides = { a: state.sides.b, b: state.sides.a };
      return { ...state, settings, sides, playhead: restPlayhead(state.playhead) };
    }
    case 'live-switched':
      return { ...state, live: { on: action.on, paceMs: null } };
    case 'live-drawn': {
      const { side, drawn, paceMs } = action;
      // The sides may have been swapped, or got other models, while it was drawn.
      const isWanted = oneStepSide(state) === side && modelOfSide(state, side)?.id === drawn.request?.model;
      if (state.run !== null || !isWanted) return state;
      // What can't be drawn is said once, not with every letter.
      const live = { on: state.live.on && drawn.error === null, paceMs };
      return { ...onSide(state, side, () => drawn), live, playhead: restPlayhead(state.playhead) };
    }
    case 'strip-wished':
      return { ...state, strip: { ...state.strip, wish: action.wish } };
    case 'seed-drawn':
      return { ...state, strip: keepStripPicture(state.strip, action.request, action.picture) };
    case 'pair-view-chosen':
      return { ...state, pairView: { ...state.pairView, chosen: action.view } };
    case 'zoomed':
      return { ...state, pairView: { ...state.pairView, zoom: action.zoom } };
    case 'focus-moved':
      return { ...state, pairView: { ...state.pairView, focus: action.focus } };
    case 'difference-measured':
      return { ...state, pairView: { ...state.pairView, difference: action.difference } };
    case 'sweep-changed':
      return { ...state, sweep: { ...state.sweep, ...action.change } };
    case 'sweep-started':
      return { ...state, sweep: startSweep(state) };
    case 'sweep-stopped':
      return { ...state, sweep: { ...state.sweep, running: false, drawing: null } };
    case 'sweep-progressed':
      return { ...state, sweep: { ...state.sweep, drawing: { key: action.key, step: action.step } } };
    case 'sweep-drawn':
      return keepCell(state, action.drawn);
    case 'sweep-compared': {
      const similarities = new Map(state.sweep.similarities).set(action.key, action.similarity);
      return { ...state, sweep: { ...state.sweep, similarities } };
    }
    case 'cell-taken':
      return takeCell(state, action.side, action.key);
    case 'tokens-counted':
      return { ...state, tokens: { ...action.tokens, prompt: action.prompt } };
    case 'engine-starting':
      return {
        ...state,
        engine: {
          ...startingEngine(action.choice),
          models: state.engine.models,
          recovery: action.recovery ?? null,
        },
      };
    case 'engine-ready':
      return {
        ...state,
        engine: {
          ...state.engine,
          status: 'ready',
          report: action.report,
          models: action.models,
          error: null,
        },
      };
    case 'models-told':
      return { ...state, engine: { ...state.engine, models: action.models } };
    case 'engine-failed': {
      // Nothing can be drawn: what waited goes idle, what was drawn stays.
      const ended = (side: SideRun): SideRun => ({
        ...cancelSide(side),
        stopped: side.steps.length > 0 && side.result === null,
      });
      const sides = { a: ended(state.sides.a), b: ended(state.sides.b) };
      return {
        ...state,
        sides,
        run: null,
        engine: { ...state.engine, status: 'failed', error: action.error, recovery: null },
      };
    }
    case 'frames-decoded': {
      const { side, request, frames } = action;
      if (state.sides[side].request !== request) return state;
      return onSide(state, side, (run) => withFrames(run, frames));
    }
    case 'notice-closed':
      return { ...state, engine: { ...state.engine, noticeClosed: true } };
    case 'recovery-closed':
      return { ...state, engine: { ...state.engine, recovery: null } };
    case 'draw-queued': {
      const waiting = (name: SideName): SideRun => {
        const side = state.sides[name];
        // The engine may still be starting: the request follows once the models are known.
        return action.sides.includes(name)
          ? { ...side, status: 'running', stage: 'queued', error: null }
          : side;
      };
      const sides = { a: waiting('a'), b: waiting('b') };
      return { ...state, run: action.run, sides, playhead: restPlayhead(state.playhead) };
    }
    case 'draw-cancelled': {
      const sides = { a: cancelSide(state.sides.a), b: cancelSide(state.sides.b) };
      return { ...state, sides, run: null };
    }
    case 'traces-changed':
      return { ...state, traces: { ...state.traces, ...action.change } };
    case 'playhead-moved':
    case 'playback-started':
    case 'playback-advanced':
    case 'playback-stopped':
    case 'view-chosen':
    case 'peeked':
      return { ...state, playhead: reducePlayhead(state, action) };
    default:
      return action.run === state.run ? reduceRun(state, action) : state;
  }
}
