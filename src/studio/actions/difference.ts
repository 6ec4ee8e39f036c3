/** Keeps the difference in step with what is looked at, and the sweep's SSIM: one at a time, the latest pictures next. */
import type { PictureComparer } from '../../worker/picture-difference.ts';
import { wantedDifference } from '../state/pair-view.ts';
import type { StudioStore } from '../state/store.ts';
import type { StudioState } from '../state/studio.ts';
import { wantedSimilarity } from '../state/sweep.ts';

/** @returns ends it */
export function measureDifferences(store: StudioStore, comparer: PictureComparer): () => void {
  let measuring = false;
  let failed = false;

  async function measure(): Promise<void> {
    measuring = true;
    for (;;) {
      const pictures = failed ? null : wantedDifference(store.getState());
      const cell = failed ? null : wantedSimilarity(store.getState());
      if (pictures === null && cell === null) break;
      try {
        if (pictures !== null) {
          const measured = await comparer.difference(pictures.a, pictures.b);
          store.dispatch({ type: 'difference-measured', difference: { pictures, measured } });
        } else if (cell !== null) {
          const similarity = await comparer.similarity(cell.picture, cell.reference);
          store.dispatch({ type: 'sweep-compared', key: cell.key, similarity });
        }
      } catch {
        // The worker could not be loaded; the view then shows no numbers. Trying with every frame would not help.
        failed = true;
      }
    }
    measuring = false;
  }

  /** What the views show now comes before the sweep's figures. */
  const isWanted = (state: StudioState): boolean =>
    wantedDifference(state) !== null || wantedSimilarity(state) !== null;
  return store.subscribe((state) => {
    if (!measuring && !failed && isWanted(state)) void measure();
  });
}
