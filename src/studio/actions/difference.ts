/** Keeps the difference in step with what is looked at: one at a time, the latest pictures next. */
import type { PictureComparer } from '../../worker/picture-difference.ts';
import { wantedDifference } from '../state/pair-view.ts';
import type { StudioStore } from '../state/store.ts';

/** @returns ends it */
export function measureDifferences(store: StudioStore, comparer: PictureComparer): () => void {
  let measuring = false;
  let failed = false;

  async function measure(): Promise<void> {
    measuring = true;
    for (;;) {
      const pictures = failed ? null : wantedDifference(store.getState());
      if (pictures === null) break;
      try {
        const measured = await comparer.difference(pictures.a, pictures.b);
        store.dispatch({ type: 'difference-measured', difference: { pictures, measured } });
      } catch {
        // The worker could not be loaded; the view then shows no numbers. Trying with every frame would not help.
        failed = true;
      }
    }
    measuring = false;
  }

  return store.subscribe((state) => {
    if (!measuring && wantedDifference(state) !== null) void measure();
  });
}
