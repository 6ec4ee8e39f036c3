/** Space plays and pauses, unless the focused control takes it. */
import { useEffect } from 'react';
import type { Playback } from '../actions/playback.ts';

const takesSpace =
  'button, a, input, textarea, [role=radio], [role=switch], [role=slider], [role=application]';

export function usePlaybackKey(playback: Playback): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.key !== ' ' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (target instanceof HTMLElement && target.closest(takesSpace) !== null) return;
      if (document.querySelector('[role=dialog][data-modal]') !== null) return;
      event.preventDefault();
      if (playback.isPlaying()) playback.pause();
      else playback.play();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [playback]);
}
