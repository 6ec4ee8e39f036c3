/** Pictures and latents move to the page; they are not copied. */
import type { DrawEvent, Picture } from './protocol.ts';

/** Memory of an event's arrays; the worker must not touch it after sending. One memory may serve two. */
export function memoryOf(event: DrawEvent): ArrayBuffer[] {
  if (event.kind === 'noise') return unique([event.latents.values], [event.picture]);
  if (event.kind !== 'step') return [];
  const { latents, endpoint, latentsPicture, endpointPicture } = event.step;
  return unique([latents, endpoint], [latentsPicture, endpointPicture]);
}

export function pictureMemory(pictures: readonly Picture[]): ArrayBuffer[] {
  return unique([], pictures);
}

function unique(
  arrays: readonly (Float32Array<ArrayBuffer> | undefined)[],
  pictures: readonly (Picture | undefined)[],
): ArrayBuffer[] {
  const views = [...arrays, ...pictures.map((picture) => picture?.rgba)];
  return [...new Set(views.flatMap((view) => (view ? [view.buffer] : [])))];
}
