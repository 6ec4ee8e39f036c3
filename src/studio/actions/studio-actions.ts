/** Everything the views can do. The only callers of the worker are in this folder. */
import { createPictureComparer } from '../../worker/picture-difference.ts';
import type { BackendChoice, EngineClient } from '../../worker/protocol.ts';
import { type BlockingField, blockingField, differsNow, planSide } from '../state/draw-plan.ts';
import { oneStepSide } from '../state/live.ts';
import type { TrajectoryView } from '../state/playhead.ts';
import { rememberPrompt, replacePrompt } from '../state/prompt-history.ts';
import { createSecondChances, wantsNewWorker } from '../state/recovery.ts';
import { changeSide, type Settings, type SideSettings, seedRange } from '../state/settings.ts';
import { type SideName, sideNames } from '../state/side.ts';
import { modelOfSide } from '../state/side-models.ts';
import type { StudioStore } from '../state/store.ts';
import { measureDifferences } from './difference.ts';
import { createDrawing } from './draw.ts';
import { createEngineConnection } from './engine-connection.ts';
import { drawWhileIdle } from './idle-drawing.ts';
import type { PageVisibility } from './page-visibility.ts';
import { createPlayback } from './playback.ts';
import { countTokensOfPrompt } from './token-counting.ts';
import { decodeMissingFrames } from './trajectory-frames.ts';
import { createGifMaker, type MakeGif } from './trajectory-gif.ts';

/** Random seeds stay short enough to read aloud. */
const randomSeeds = 1_000_000;

export interface StudioActions {
  /** Starts the engine, once. */
  wake(): Promise<void>;
  /** Starts the engine and draws the first pair. */
  open(): Promise<void>;
  change(change: Partial<Settings>): void;
  /** Settings from a link, a file, a menu. The prompt that they replace goes to the history. */
  takeOver(change: Partial<Settings>): void;
  changeSide(side: SideName, change: Partial<SideSettings>): void;
  /** Sets both sides and draws them: a comparison that was picked. */
  compare(sides: Settings['sides']): void;
  /** A becomes B and B becomes A, pictures included; not while they are drawn. */
  swap(): void;
  /** Draws both sides. @returns the field that has to be put right first, null when drawing began */
  draw(): BlockingField | null;
  /** Draws `prompt` at once: an example that was picked. */
  drawPrompt(prompt: string): void;
  /** Draws with this seed at once: one of the strip. */
  drawSeed(seed: number): void;
  switchLive(on: boolean): void;
  /** Not on where no side draws in one step. */
  toggleLive(): void;
  /** Draws the strip of seeds even though it takes a while. */
  askForStrip(): void;
  /**
   * Draws one side again, after an error: with its request, so that its neighbour still fits; both sides where the
   * settings that it failed with were changed meanwhile.
   */
  drawSide(side: SideName): void;
  cancel(): void;
  nextSeed(): void;
  randomSeed(): void;
  /** A new worker on the given backend; then draws. */
  restartEngine(choice: BackendChoice): Promise<void>;
  /** A fresh worker, for a measurement: what is drawn is cancelled, measured times are forgotten. */
  freshEngine(): Promise<EngineClient>;
  movePlayhead(index: number): void;
  togglePlayback(): void;
  chooseView(view: TrajectoryView): void;
  /** The trajectory of both sides as a GIF. */
  makeGif: MakeGif;
}

export interface StudioWorld {
  readonly createClient: () => EngineClient;
  readonly stillMotion: () => boolean;
  /** Missing = the page is always seen. */
  readonly visibility?: PageVisibility;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export function createStudioActions(store: StudioStore, world: StudioWorld): StudioActions {
  const { visibility } = world;
  const connection = createEngineConnection(store, world.createClient, visibility);
  const chances = createSecondChances();
  const drawing = createDrawing(store, connection, chances, { visibility });
  const playback = createPlayback(store, world.stillMotion);
  countTokensOfPrompt(store, connection);
  measureDifferences(store, createPictureComparer());
  drawWhileIdle(store, connection, chances, { remember: drawing.remember });
  decodeMissingFrames(store, connection);

  const change = (changed: Partial<Settings>): void =>
    store.dispatch({ type: 'settings-changed', change: changed });
  const randomSeed = (): void => change({ seed: Math.floor(world.random() * randomSeeds) });

  /** Whether the reader chose this seed since the last draw; an unlocked draw then takes it before renewing. */
  let seedChosen = true;

  function changeByHand(changed: Partial<Settings>): void {
    if (changed.seed !== undefined) seedChosen = true;
    change(changed);
  }
  const takeOver = (changed: Partial<Settings>): void =>
    changeByHand(replacePrompt(store.getState().settings, changed));

  /** The playhead belongs to the run while one is under way, and to nobody before there was one. */
  const canScrub = (): boolean =>
    store.getState().run === null && sideNames.some((side) => store.getState().sides[side].status === 'done');

  function draw(): BlockingField | null {
    const state = store.getState();
    // A failed engine has its ways out in the banner; Enter must not queue behind it.
    if (state.engine.status === 'failed') return null;
    const models = { a: modelOfSide(state, 'a'), b: modelOfSide(state, 'b') };
    const field = blockingField(state.settings, models);
    if (field !== null) return field;
    if (!store.getState().settings.seedLocked && !seedChosen) randomSeed();
    seedChosen = false;
    const { prompt, history } = store.getState().settings;
    change({ history: rememberPrompt(history, prompt) });
    playback.stop();
    void drawing.draw();
    return null;
  }

  let started: Promise<void> | null = null;
  function wake(): Promise<void> {
    started ??= connection.restart(store.getState().engine.choice);
    return started;
  }

  async function restartEngine(choice: BackendChoice): Promise<void> {
    drawing.cancel();
    drawing.forget();
    started = connection.restart(choice);
    draw();
    await started;
  }

  return {
    wake,
    async open() {
      const starting = wake();
      draw();
      await starting;
    },
    change: changeByHand,
    takeOver,
    changeSide: (side, changed) => change(changeSide(store.getState().settings, side, changed)),
    compare(sides) {
      change({ sides });
      draw();
    },
    swap() {
      const state = store.getState();
      if (state.run !== null) return;
      playback.stop();
      store.dispatch({
        type: 'sides-swapped',
        models: { a: modelOfSide(state, 'a'), b: modelOfSide(state, 'b') },
      });
    },
    draw,
    drawPrompt(prompt) {
      takeOver({ prompt });
      draw();
    },
    drawSeed(seed) {
      change({ seed });
      seedChosen = true;
      draw();
    },
    switchLive(on) {
      store.dispatch({ type: 'live-switched', on });
    },
    toggleLive() {
      const state = store.getState();
      const on = !state.live.on && oneStepSide(state) !== null;
      store.dispatch({ type: 'live-switched', on });
    },
    askForStrip() {
      store.dispatch({ type: 'strip-wished', wish: 'asked' });
    },
    drawSide(side) {
      const state = store.getState();
      const { error, request } = state.sides[side];
      if (error && wantsNewWorker(error)) void restartEngine(state.engine.choice);
      else {
        playback.stop();
        const model = modelOfSide(state, side);
        const fits = !request || !model || !differsNow(request, planSide(state.settings, side, model));
        void drawing.draw(fits ? [side] : sideNames);
      }
    },
    cancel: drawing.cancel,
    nextSeed() {
      const { seed } = store.getState().settings;
      change({ seed: Number.isInteger(seed) && seed < seedRange.maximum ? seed + 1 : seedRange.minimum });
      seedChosen = true;
    },
    randomSeed() {
      randomSeed();
      seedChosen = true;
    },
    restartEngine,
    async freshEngine() {
      drawing.cancel();
      drawing.forget();
      await connection.restart(store.getState().engine.choice);
      return connection.ready();
    },
    movePlayhead(index) {
      if (!canScrub()) return;
      playback.stop();
      store.dispatch({ type: 'playhead-moved', index });
    },
    togglePlayback() {
      if (canScrub()) playback.toggle();
    },
    makeGif: createGifMaker(store, connection),
    chooseView: (view) => store.dispatch({ type: 'view-chosen', view }),
  };
}
