/** How the pair is looked at: beside each other, through a slider, in turns, or by difference; and how close. */
import type { PictureDifference } from '../../worker/difference-api.ts';
import type { Picture } from '../../worker/protocol.ts';
import type { DrawnState } from './drawn-state.ts';
import type { Playhead } from './playhead.ts';
import { shownPicture } from './shown-picture.ts';
import { type SideName, sideNames } from './side.ts';
import { lastFrameOf } from './trajectory.ts';
import { wholePicture, type Zoom } from './zoom.ts';

export const pairViews = ['pair', 'slider', 'blink', 'difference'] as const;
export type PairView = (typeof pairViews)[number];

export interface PairViewState {
  readonly chosen: PairView;
  /** Of every picture, so that both sides show the same place. */
  readonly zoom: Zoom;
  /** The place under the pointer in the views of one picture, in shares of its width and height. */
  readonly focus: { readonly x: number; readonly y: number };
  /** Of the pictures that were compared last; null before. */
  readonly difference: MeasuredDifference | null;
}

export interface MeasuredDifference {
  readonly pictures: Readonly<Record<SideName, Picture>>;
  readonly measured: PictureDifference;
}

export const plainPair: PairViewState = {
  chosen: 'pair',
  zoom: wholePicture,
  focus: { x: 0.5, y: 0.5 },
  difference: null,
};

type Known = DrawnState & { readonly playhead: Playhead; readonly pairView: PairViewState };

/** What both squares show; null where one of them is empty. */
export function shownPictures(state: Known): Readonly<Record<SideName, Picture>> | null {
  const last = lastFrameOf(state.sides);
  const [a, b] = sideNames.map((side) => shownPicture(state.sides[side], side, state.playhead, last).picture);
  return a && b ? { a, b } : null;
}

/** One picture can't tell of two where a side is empty or has a message: the pair is shown then. */
export function pairViewOf(state: Known): PairView {
  const { chosen } = state.pairView;
  const speaks = sideNames.some((side) => {
    const { error, stopped, status } = state.sides[side];
    return error !== null || (stopped && status === 'idle');
  });
  return chosen === 'pair' || speaks || shownPictures(state) === null ? 'pair' : chosen;
}

/** Why the pictures can't be subtracted; '' where they can. */
export function differenceProblem({ a, b }: Readonly<Record<SideName, Picture>>): string {
  if (a.width === b.width && a.height === b.height) return '';
  return `A is ${a.width} × ${a.height} and B ${b.width} × ${b.height}: pictures of different sizes have no difference.`;
}

/** The pictures whose difference is looked at and not known yet; null when there is nothing to compute. */
export function wantedDifference(state: Known): Readonly<Record<SideName, Picture>> | null {
  if (pairViewOf(state) !== 'difference') return null;
  const pictures = shownPictures(state);
  if (pictures === null || differenceProblem(pictures) !== '') return null;
  const known = state.pairView.difference?.pictures;
  return known?.a === pictures.a && known.b === pictures.b ? null : pictures;
}
