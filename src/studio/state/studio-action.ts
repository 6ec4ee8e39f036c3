/** Everything that can happen to the studio's state. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type {
  BackendChoice,
  BackendReport,
  DrawEvent,
  DrawRequest,
  DrawResult,
  Picture,
  PromptTokens,
  SerializedEngineError,
} from '../../worker/protocol.ts';
import type { MeasuredDifference, PairView, PairViewState } from './pair-view.ts';
import type { Peek, TrajectoryView } from './playhead.ts';
import type { Recovery } from './recovery.ts';
import type { SeedStrip } from './seed-strip.ts';
import type { Settings } from './settings.ts';
import type { SideName, SideRun } from './side.ts';
import type { SweepState } from './sweep.ts';
import type { FrameName } from './trajectory.ts';
import type { TraceChoice } from './trajectory-chart.ts';
import type { Zoom } from './zoom.ts';

export type StudioAction =
  | { readonly type: 'settings-changed'; readonly change: Partial<Settings> }
  | {
      readonly type: 'sides-swapped';
      /** Those that the sides draw with, so that a default goes along too. */
      readonly models: Readonly<Record<SideName, ModelDescriptor | null>>;
    }
  | { readonly type: 'live-switched'; readonly on: boolean }
  | {
      readonly type: 'live-drawn';
      readonly side: SideName;
      /** Finished or failed. */
      readonly drawn: SideRun;
      readonly paceMs: number | null;
    }
  | { readonly type: 'strip-wished'; readonly wish: SeedStrip['wish'] }
  | { readonly type: 'seed-drawn'; readonly request: DrawRequest; readonly picture: Picture }
  | { readonly type: 'pair-view-chosen'; readonly view: PairView }
  | { readonly type: 'zoomed'; readonly zoom: Zoom }
  | { readonly type: 'focus-moved'; readonly focus: PairViewState['focus'] }
  | { readonly type: 'difference-measured'; readonly difference: MeasuredDifference }
  | { readonly type: 'sweep-changed'; readonly change: Partial<Pick<SweepState, 'counts' | 'models'>> }
  | { readonly type: 'sweep-started' }
  | { readonly type: 'sweep-stopped' }
  | { readonly type: 'sweep-progressed'; readonly key: string; readonly step: number }
  | { readonly type: 'sweep-drawn'; readonly drawn: SideRun }
  | { readonly type: 'sweep-compared'; readonly key: string; readonly similarity: number | null }
  | { readonly type: 'cell-taken'; readonly side: SideName; readonly key: string }
  | { readonly type: 'tokens-counted'; readonly prompt: string; readonly tokens: PromptTokens }
  | {
      readonly type: 'engine-starting';
      readonly choice: BackendChoice;
      /** Why it is started anew by itself; missing = the reader or the page asked for it. */
      readonly recovery?: Recovery | null;
    }
  | {
      readonly type: 'engine-ready';
      readonly report: BackendReport;
      readonly models: readonly ModelDescriptor[];
    }
  /** Some came or went; nothing is said of the engine. */
  | { readonly type: 'models-told'; readonly models: readonly ModelDescriptor[] }
  | { readonly type: 'engine-failed'; readonly error: SerializedEngineError }
  | { readonly type: 'notice-closed' }
  | { readonly type: 'recovery-closed' }
  | { readonly type: 'draw-queued'; readonly run: number; readonly sides: readonly SideName[] }
  | {
      readonly type: 'side-queued';
      readonly run: number;
      readonly side: SideName;
      readonly request: DrawRequest;
    }
  | { readonly type: 'side-started'; readonly run: number; readonly side: SideName }
  | {
      readonly type: 'side-told';
      readonly run: number;
      readonly side: SideName;
      readonly event: DrawEvent;
      /** The page's clock, ms. */
      readonly atMs: number;
    }
  | {
      readonly type: 'side-finished';
      readonly run: number;
      readonly side: SideName;
      readonly result: DrawResult;
      /** Whether the tab was hidden at any time of the run. */
      readonly hidden?: boolean;
    }
  | {
      readonly type: 'frames-decoded';
      readonly side: SideName;
      /** Of the draw that the frames belong to; for another draw they are dropped. */
      readonly request: DrawRequest;
      readonly frames: readonly { readonly frame: FrameName; readonly picture: Picture }[];
    }
  | { readonly type: 'side-reused'; readonly run: number; readonly side: SideName; readonly earlier: SideRun }
  | {
      readonly type: 'side-failed';
      readonly run: number;
      readonly side: SideName;
      readonly error: SerializedEngineError;
    }
  | { readonly type: 'draw-ended'; readonly run: number }
  | { readonly type: 'draw-cancelled' }
  | { readonly type: 'playhead-moved'; readonly index: number }
  | { readonly type: 'playback-started' }
  | { readonly type: 'playback-advanced' }
  | { readonly type: 'playback-stopped' }
  | { readonly type: 'traces-changed'; readonly change: Partial<TraceChoice> }
  | { readonly type: 'view-chosen'; readonly view: TrajectoryView }
  | { readonly type: 'peeked'; readonly peek: Peek | null };
