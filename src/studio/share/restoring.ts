/** Opens a picture's file and takes over the settings in it. Its store says what came of that. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { EngineError } from '../../engine/core/errors.ts';
import type { SerializedEngineError } from '../../worker/protocol.ts';
import { serializeError } from '../actions/serialize-error.ts';
import type { PresentAdapter } from '../state/adapters.ts';
import type { DrawSettings } from '../state/settings.ts';
import type { SideName } from '../state/side.ts';
import type { StudioStore } from '../state/store.ts';
import type { PictureSettings } from './picture-settings.ts';
import type { ReadSettings } from './settings-text.ts';

/** Pictures of any size we know of are smaller; a film or a checkpoint dropped by mistake is not read. */
const largestFileBytes = 64 * 1024 * 1024;

export type Restored =
  | { readonly kind: 'restored'; readonly fileName: string; readonly missing: readonly string[] }
  | { readonly kind: 'failed'; readonly fileName: string; readonly error: SerializedEngineError };

export interface Restoring
  extends Pick<StoreApi<Restored | null>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Takes over the settings of a PNG. Never rejects: what is wrong with the file is in the store. */
  open(file: File): Promise<void>;
  /** Takes over the settings of kept pictures. */
  draw(entry: { readonly pictures: readonly KeptSettings[] }): Promise<void>;
  close(): void;
}

interface KeptSettings {
  readonly side: SideName;
  readonly settings: PictureSettings;
}

async function readSettings(file: File): Promise<ReadSettings> {
  if (file.size > largestFileBytes) {
    throw new EngineError('file-malformed', `${file.name} is too large for a picture.`, {
      subject: file.name,
      found: `${file.size} bytes`,
      wanted: `${largestFileBytes} bytes at most`,
      remedy: 'Drop the PNG that was saved here.',
    });
  }
  const { readPngText } = await import('./png-text.ts');
  const { parseSettingsText, settingsKeyword } = await import('./settings-text.ts');
  const text = readPngText(new Uint8Array(await file.arrayBuffer()), settingsKeyword);
  const read = text === null ? null : parseSettingsText(text);
  if (read !== null) return read;
  throw new EngineError('file-malformed', `${file.name} carries no settings.`, {
    subject: file.name,
    found: text === null ? `no text under '${settingsKeyword}'` : 'a text without steps and seed',
    wanted: 'a PNG saved here, or by a tool that writes its settings as AUTOMATIC1111 does',
    remedy:
      'Pictures that went through a messenger or an editor often lose their settings; take the original.',
  });
}

/**
 * @param takeOver changes the settings and draws
 * @param present the files that change weights and are here
 */
export function createRestoring(
  studio: StudioStore,
  takeOver: (settings: DrawSettings) => void,
  present: () => readonly PresentAdapter[] = () => [],
): Restoring {
  const store = createStore<Restored | null>(() => null);
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async open(file) {
      try {
        const read = await readSettings(file);
        const { restoreSettings } = await import('./restore-settings.ts');
        const { settings, engine } = studio.getState();
        const { models } = engine;
        const { settings: restored, missing } = restoreSettings(settings, read, models, undefined, present());
        store.setState({ kind: 'restored', fileName: file.name, missing }, true);
        takeOver(restored);
      } catch (thrown) {
        store.setState({ kind: 'failed', fileName: file.name, error: serializeError(thrown) }, true);
      }
    },
    async draw({ pictures }) {
      const { restoreSettings } = await import('./restore-settings.ts');
      const { settings, engine } = studio.getState();
      let restored: DrawSettings = settings;
      const gone = new Set<string>();
      for (const { settings: read, side } of pictures) {
        const one = restoreSettings(restored, read, engine.models, side, present());
        restored = one.settings;
        for (const sentence of one.missing) gone.add(sentence);
      }
      if (gone.size > 0)
        store.setState({ kind: 'restored', fileName: 'the gallery', missing: [...gone] }, true);
      takeOver(restored);
    },
    close: () => store.setState(null, true),
  };
}
