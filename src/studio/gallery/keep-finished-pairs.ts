/** Keeps every finished pair in the gallery, once its draw has ended. */
import type { StudioStore } from '../state/store.ts';
import type { StudioState } from '../state/studio.ts';
import { type EncodePicture, entryOfRun } from './entry-of-run.ts';
import type { Gallery } from './gallery.ts';

const pairIsDone = ({ run, sides: { a, b } }: StudioState): boolean =>
  run === null && a.status === 'done' && b.status === 'done';

/** @returns ends the keeping */
export function keepFinishedPairs(
  studio: StudioStore,
  gallery: Gallery,
  encode: EncodePicture,
  now: () => number = Date.now,
): () => void {
  let kept: StudioState['sides'] | undefined;
  return studio.subscribe((state, before) => {
    if (before.run === null || !pairIsDone(state)) return;
    const { sides, engine } = state;
    // What ended was no draw of these sides.
    if (kept?.a.result === sides.a.result && kept?.b.result === sides.b.result) return;
    kept = sides;
    void entryOfRun(sides, engine.models, encode, now())
      .then(async (entry) => {
        if (entry !== null) await gallery.keep(entry);
      })
      .catch((thrown: unknown) => {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        gallery.dispatch({
          type: 'noticed',
          notice: { failed: true, title: 'Not kept in the gallery', sentences: [why] },
        });
      });
  });
}
