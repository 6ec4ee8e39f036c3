/** The path of a side as frames: where each lies in time, which are decoded, and which are still to be. Pure. */
import type { Picture } from '../../worker/protocol.ts';
import type { Playhead, TrajectoryView } from './playhead.ts';
import { type SideName, type SideRun, sideNames } from './side.ts';

export type Sides = Readonly<Record<SideName, SideRun>>;

/** A frame of a path: z_t after `index` evaluations, or the end point predicted from there. */
export interface FrameName {
  readonly view: TrajectoryView;
  /** 0 = noise to N = picture. */
  readonly index: number;
}

/**
 * N of a side's path: its evaluations. Samplers of several passes make more than the steps asked for, which is
 * known once they are made. 0 where nothing was asked for.
 */
export function lastFrame(side: SideRun): number {
  const made = side.steps.length;
  if (side.status === 'done' && made > 0) return made;
  return Math.max(side.request?.stepCount ?? 0, made);
}

/** N of the playhead: of the side with more frames, so that it steps through all of them. */
export function lastFrameOf(sides: Sides): number {
  return Math.max(...sideNames.map((name) => lastFrame(sides[name])));
}

/** Path times of z_0, z_1 ... as far as they are known. */
export function pathTimes(side: SideRun): number[] {
  return side.start === null ? [] : [side.start.time, ...side.steps.map(({ time }) => time)];
}

/**
 * What a side's square shows: the place under the pointer, where it is on this side or on both, else the playhead.
 * @param last N of the playhead
 */
export function placeShown(
  { peek, index, view }: Playhead,
  name: SideName,
  last: number,
): { readonly view: TrajectoryView; readonly share: number } {
  if (peek !== null && (peek.side === null || peek.side === name)) return peek;
  return { view, share: index === null || last === 0 ? 1 : index / last };
}

/**
 * A side's frame when the playhead has gone `share` of the way. Between two states of a path it is the one that
 * the evaluation under way leads to; between two predictions the one that was made last.
 * @param share 0 = noise to 1 = picture
 * @param last N of the side
 */
export function frameAtShare(share: number, last: number, view: TrajectoryView): number {
  const place = share * last;
  return view === 'path' ? Math.max(0, Math.ceil(place - 1e-9)) : Math.floor(place + 1e-9);
}

/** null where it isn't decoded, or not drawn yet. The last frame of both views is the picture. */
export function frameOf(side: SideRun, view: TrajectoryView, index: number): Picture | null {
  if (index >= lastFrame(side)) return side.result?.picture ?? null;
  if (view === 'endpoint') {
    const step = side.steps[index];
    // The last step of a flow arrives where it predicted: the worker sends one array for both.
    const arrived = step?.endpoint !== undefined && step.endpoint === step.latents;
    return step?.endpointPicture ?? (arrived ? (side.result?.picture ?? null) : null);
  }
  return index === 0 ? side.noise : (side.steps[index - 1]?.latentsPicture ?? null);
}

/** What the worker decodes for a frame, [C, h, w]; null for the picture, and where the draw sent no path. */
export function frameLatents(side: SideRun, { view, index }: FrameName): Float32Array | null {
  if (index >= lastFrame(side)) return null;
  if (view === 'endpoint') return side.steps[index]?.endpoint ?? null;
  const latents = index === 0 ? side.start?.latents.values : side.steps[index - 1]?.latents;
  return latents ?? null;
}

/** Frames of a finished path that are not decoded: the noise first, then both views of every other step, and so on. */
export function missingFrames(side: SideRun): FrameName[] {
  if (side.status !== 'done') return [];
  const frames = coarseToFine(lastFrame(side)).flatMap((index): FrameName[] => [
    { view: 'path', index },
    { view: 'endpoint', index },
  ]);
  return frames.filter(
    (frame) => frameOf(side, frame.view, frame.index) === null && frameLatents(side, frame) !== null,
  );
}

/** 0 to count - 1: every 16th, then those between them, and so on, so that a strip fills evenly. */
function coarseToFine(count: number): number[] {
  const order = new Set<number>();
  for (let stride = 16; stride >= 1; stride /= 2) {
    for (let i = 0; i < count; i += stride) order.add(i);
  }
  return [...order];
}

/** Of `missing` those that the side's square should show now: under the playhead or the pointer. */
export function playedFrames(
  { sides, playhead }: { readonly sides: Sides; readonly playhead: Playhead },
  name: SideName,
  missing: readonly FrameName[],
): FrameName[] {
  const { view, share } = placeShown(playhead, name, lastFrameOf(sides));
  const index = frameAtShare(share, lastFrame(sides[name]), view);
  return missing.filter((frame) => frame.view === view && frame.index === index);
}

/** The side with decoded frames put in; those that it has stay. */
export function withFrames(
  side: SideRun,
  frames: readonly { readonly frame: FrameName; readonly picture: Picture }[],
): SideRun {
  let { noise } = side;
  const steps = [...side.steps];
  for (const {
    frame: { view, index },
    picture,
  } of frames) {
    if (view === 'path' && index === 0) {
      noise ??= picture;
      continue;
    }
    const at = view === 'path' ? index - 1 : index;
    const step = steps[at];
    if (step === undefined) continue;
    steps[at] =
      view === 'path'
        ? { ...step, latentsPicture: step.latentsPicture ?? picture }
        : { ...step, endpointPicture: step.endpointPicture ?? picture };
  }
  return { ...side, noise, steps };
}
