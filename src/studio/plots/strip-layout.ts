/** Which frames of a trajectory a filmstrip shows, how large, and where: frame centres sit at t = i/N. Pure geometry. */

/** Frames give way to this before any is left out, CSS pixels. */
const smallestFrame = 26;
const largestFrame = 34;

/**
 * Side of a frame: as large as `largestFrame` allows, smaller when all N + 1 then fit beside each other.
 * @param width of the strip, CSS pixels
 * @param last N; frames are 0 to N
 */
export function frameSizeFor(width: number, last: number): number {
  const fitting = Math.floor(width / (last + 1));
  return fitting >= smallestFrame && fitting < largestFrame ? fitting : largestFrame;
}

/** Indices of the frames shown: all when they fit without overlap, else evenly chosen ones, first and last always. */
export function framesShown(last: number, width: number, frame: number): number[] {
  const span = width - frame;
  if (last < 1 || span <= 0) return [0];
  // Frames that are fewer steps apart than this would cover each other.
  const leastApart = Math.max(1, Math.ceil((frame * last) / span - 1e-9));
  const intervals = Math.max(1, Math.floor(last / leastApart));
  return Array.from({ length: intervals + 1 }, (_, i) => Math.round((i * last) / intervals));
}

/** Where the strip is pointed at, as a frame: the nearest one to x. `frame` and `width` in the same unit as x. */
export function frameAt(x: number, width: number, frame: number, last: number): number {
  const span = width - frame;
  if (span <= 0) return 0;
  return Math.min(Math.max(Math.round(((x - frame / 2) / span) * last), 0), last);
}
