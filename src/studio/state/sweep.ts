/** The step sweep: one prompt and noise, a row a model, a column a step count; the paper's figure for one's own prompt. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { DrawRequest, Picture } from '../../worker/protocol.ts';
import { planSide, requestKey } from './draw-plan.ts';
import type { ChosenState, DrawnState } from './drawn-state.ts';
import { changeSide, type DrawSettings, type Settings, type SideSettings } from './settings.ts';
import { type SideName, type SideRun, sideNames } from './side.ts';
import { modelOfSide } from './side-models.ts';

const paperCounts: readonly number[] = [1, 2, 4, 8, 16, 25];
const mostColumns = 10;
const mostSteps = 1000;
/** Finished cells kept: several sweeps of a family. */
const cellsKept = 120;

export interface SweepState {
  readonly running: boolean;
  /** What the pictures are of; null before the first sweep, then the settings stand in. */
  readonly subject: DrawSettings | null;
  readonly counts: readonly number[];
  /** Ids; null = the lineage of side B. */
  readonly models: readonly string[] | null;
  /** Finished or failed runs by request key, the oldest first. */
  readonly cells: ReadonlyMap<string, SideRun>;
  /** The cell under way. */
  readonly drawing: { readonly key: string; readonly step: number } | null;
  /** SSIM by `similarityKey`. */
  readonly similarities: ReadonlyMap<string, number | null>;
}

export const emptySweep: SweepState = {
  running: false,
  subject: null,
  counts: paperCounts,
  models: null,
  cells: new Map(),
  drawing: null,
  similarities: new Map(),
};

type Known = ChosenState & { readonly sweep: SweepState };

export interface SweepCell {
  readonly stepCount: number;
  /** null: the model doesn't take so many steps. */
  readonly request: DrawRequest | null;
  readonly key: string;
}

export interface SweepRow {
  readonly model: ModelDescriptor;
  readonly side: SideSettings;
  readonly cells: readonly SweepCell[];
}

/** '1, 2, 4' to counts in order, each once; null where it says something else. */
export function parseCounts(text: string): readonly number[] | null {
  const counts = text
    .split(/[\s,;]+/u)
    .filter((part) => part !== '')
    .map(Number);
  const right = counts.every((count) => Number.isInteger(count) && count >= 1 && count <= mostSteps);
  const ordered = [...new Set(counts)].sort((x, y) => x - y);
  return right && ordered.length >= 1 && ordered.length <= mostColumns ? ordered : null;
}

export function sweepModels({ settings, engine, sweep }: Known): readonly ModelDescriptor[] {
  if (sweep.models !== null) return engine.models.filter(({ id }) => sweep.models?.includes(id));
  const lineage = modelOfSide({ settings, engine }, 'b')?.lineage;
  return engine.models.filter((model) => model.lineage === lineage);
}

/** A side that has the model lends its sampler, guidance, weights and decoder; else they are the model's own. */
function sideOf(settings: DrawSettings, model: ModelDescriptor, state: Known): SideSettings {
  const like = sideNames.find(
    (side) => modelOfSide({ ...state, settings: { ...state.settings, ...settings } }, side) === model,
  );
  const own: SideSettings = {
    model: model.id,
    sampler: null,
    guidance: null,
    steps: model.steps.initial,
    adapters: [],
    decoding: 'full',
  };
  return like ? { ...settings.sides[like], model: own.model, steps: own.steps } : own;
}

export function sweepRows(state: Known): readonly SweepRow[] {
  const subject = state.sweep.subject ?? state.settings;
  return sweepModels(state).map((model) => {
    const side = sideOf(subject, model, state);
    const cells = state.sweep.counts.map((stepCount): SweepCell => {
      const { minimum, maximum } = model.steps;
      if (stepCount < minimum || stepCount > maximum) return { stepCount, request: null, key: '' };
      const settings = changeSide(subject, 'b', { ...side, steps: stepCount });
      const request = planSide(settings, 'b', model);
      return { stepCount, request, key: requestKey(request) };
    });
    return { model, side, cells };
  });
}

/** The next cell to be drawn, row by row, so that each model is loaded once; null when all are there. */
export function nextSweepCell(state: Known): DrawRequest | null {
  for (const { cells } of sweepRows(state)) {
    for (const { request, key } of cells) if (request !== null && !state.sweep.cells.has(key)) return request;
  }
  return null;
}

/** Whether prompt, noise or size of the settings aren't those of the pictures any more. */
export function sweepIsOutdated({
  settings,
  sweep: { subject },
}: Pick<Known, 'settings' | 'sweep'>): boolean {
  if (subject === null) return false;
  const told = ({ prompt, negativePrompt, seed, size, promptBlend, seedBlend }: DrawSettings): string =>
    JSON.stringify([prompt, negativePrompt, String(seed), size, promptBlend, seedBlend]);
  return told(settings) !== told(subject);
}

function subjectOf(settings: Settings): DrawSettings {
  const { prompt, negativePrompt, seed, size, sides, promptBlend, seedBlend } = settings;
  return { prompt, negativePrompt, seed, size, sides, promptBlend, seedBlend };
}

/** A finished or failed cell joins; the sweep ends with its last. */
export function keepCell<State extends Known>(state: State, run: SideRun): State {
  if (run.request === null) return state;
  const cells = new Map(state.sweep.cells);
  cells.set(requestKey(run.request), run);
  for (const oldest of cells.keys()) {
    if (cells.size <= cellsKept) break;
    cells.delete(oldest);
  }
  const sweep = { ...state.sweep, cells, drawing: null };
  const running = sweep.running && nextSweepCell({ ...state, sweep }) !== null;
  return { ...state, sweep: { ...sweep, running } };
}

/** Failed cells are drawn again with the next start. */
export function startSweep(state: Pick<Known, 'settings' | 'sweep'>): SweepState {
  const cells = new Map([...state.sweep.cells].filter(([, run]) => run.result !== null));
  return { ...state.sweep, running: true, cells, subject: subjectOf(state.settings) };
}

/** The settings and the side's run when a cell becomes a side: its prompt and noise come along. */
export function takeCell<State extends Known & DrawnState>(state: State, side: SideName, key: string): State {
  const run = state.sweep.cells.get(key);
  const row = sweepRows(state).find(({ cells }) => cells.some((cell) => cell.key === key));
  if (run?.request == null || row === undefined || state.run !== null) return state;
  const settings = { ...state.settings, ...state.sweep.subject, sides: state.settings.sides };
  return {
    ...state,
    settings: changeSide(settings, side, { ...row.side, steps: run.request.stepCount }),
    sides: { ...state.sides, [side]: { ...run, reused: true } },
  };
}

const pictureOf = (sweep: SweepState, { key }: SweepCell): Picture | null =>
  sweep.cells.get(key)?.result?.picture ?? null;

export const similarityKey = (key: string, reference: string): string => `${key} ${reference}`;

/** The row's drawn cell with the most steps: what the others are compared with. */
export function referenceCell(sweep: SweepState, { cells }: SweepRow): SweepCell | null {
  return cells.findLast((cell) => pictureOf(sweep, cell) !== null) ?? null;
}

export interface WantedSimilarity {
  readonly key: string;
  readonly picture: Picture;
  readonly reference: Picture;
}

/** A cell whose SSIM isn't known yet; null when there is nothing to compute. Rows that are still drawn wait. */
export function wantedSimilarity(state: Known): WantedSimilarity | null {
  const { sweep } = state;
  if (sweep.running || sweep.cells.size === 0) return null;
  for (const row of sweepRows(state)) {
    const last = referenceCell(sweep, row);
    const reference = last && pictureOf(sweep, last);
    if (!last || !reference) continue;
    for (const cell of row.cells) {
      const picture = pictureOf(sweep, cell);
      const key = similarityKey(cell.key, last.key);
      if (picture && cell !== last && !sweep.similarities.has(key)) return { key, picture, reference };
    }
  }
  return null;
}
