/** Settings in the browser's storage, under one key. */
import { parseSettings, type Settings } from '../state/settings.ts';
import type { StudioStore } from '../state/store.ts';

const storageKey = 'instaflow-studio.settings';

/** The part of Storage that is used; private windows may refuse any call. */
export type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The browser's storage; one that keeps nothing where the browser forbids even asking for it. */
export function browserStorage(): SettingsStorage {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

export function loadSettings(storage: SettingsStorage): Settings {
  try {
    return parseSettings(storage.getItem(storageKey));
  } catch {
    return parseSettings(null);
  }
}

/** Writes settings whenever they change. @returns ends the writing */
export function keepSettings(store: StudioStore, storage: SettingsStorage): () => void {
  return store.subscribe(({ settings }, before) => {
    if (settings === before.settings) return;
    try {
      storage.setItem(storageKey, JSON.stringify(settings));
    } catch {
      // No room or no permission: the page works the same, it only won't remember.
    }
  });
}
