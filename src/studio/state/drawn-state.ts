/** The parts of the state that the other parts are functions of. */
import type { EngineState } from './engine.ts';
import type { Settings } from './settings.ts';
import type { SideName, SideRun } from './side.ts';

/** What is to be drawn, and with which models. */
export interface ChosenState {
  readonly settings: Settings;
  readonly engine: EngineState;
}

/** And what is drawn. */
export interface DrawnState extends ChosenState {
  readonly sides: Readonly<Record<SideName, SideRun>>;
  /** The draw under way; actions of earlier draws are ignored. null when none is. */
  readonly run: number | null;
}
