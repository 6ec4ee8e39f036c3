/** The one laboratory of the app: its page and the guide's figure show the same flows. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { hrefOf, parsePlace } from '../route.ts';
import { prefersStillness } from '../studio/views/shell/media-query.ts';
import { createLabActions, type LabActions } from './actions/lab-actions.ts';
import { createPlayback, type Playback } from './actions/playback.ts';
import { emptyLaboratory, type Laboratory } from './state/laboratory.ts';
import { openingSettings, type Place, writePlace } from './state/share-link.ts';
import { createLabClient } from './worker/lab-client.ts';

/** The address follows the laboratory, without an entry in the history for every step. */
export function keepInAddress(place: Place): void {
  if (parsePlace(location.hash).route !== 'lab') return;
  history.replaceState(history.state, '', hrefOf('lab', writePlace(place)));
}

interface OpenLaboratory {
  readonly store: StoreApi<Laboratory>;
  readonly actions: LabActions;
  readonly playback: Playback;
}

function createLaboratory(): OpenLaboratory {
  const store = createStore<Laboratory>(() => emptyLaboratory(openingSettings));
  const actions = createLabActions(store, { createClient: createLabClient, onPlace: keepInAddress });
  const playback = createPlayback({
    now: () => performance.now(),
    frame: (callback) => requestAnimationFrame(callback),
  });
  store.subscribe((lab, before) => {
    // The first flow plays by itself, unless the reader wants nothing to move; then it is the reader's.
    const first = lab.flows.length === 1 && before.flows.length === 0;
    if (first && !prefersStillness()) playback.play();
  });
  return { store, actions, playback };
}

/** One for as long as the app is open: what was trained is still there when the reader comes back. */
let laboratory: OpenLaboratory | null = null;

export function openLaboratory(): OpenLaboratory {
  laboratory ??= createLaboratory();
  return laboratory;
}
