/** Pictures move to the page; they are not copied. */
import type { DrawEvent, Picture } from './protocol.ts';

/** Memory of an event's pictures; the worker must not touch it after sending. One memory may serve two. */
export function picturesOf(event: DrawEvent): ArrayBuffer[] {
  const pictures: (Picture | undefined)[] =
    event.kind === 'noise'
      ? [event.picture]
      : event.kind === 'step'
        ? [event.step.latentsPicture, event.step.endpointPicture]
        : [];
  return [...new Set(pictures.flatMap((picture) => (picture ? [picture.rgba.buffer] : [])))];
}
