/** From what a file says to the settings that draw it again, and what of it can't be had here. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import { type PresentAdapter, restoredAdapters } from '../state/adapters.ts';
import { changeSide, type DrawSettings, defaultSettings } from '../state/settings.ts';
import type { SideName } from '../state/side.ts';
import type { ReadSettings } from './settings-text.ts';

export interface RestoredSettings {
  readonly settings: DrawSettings;
  /** The side that draws the picture. */
  readonly side: SideName;
  /** What could not be taken over, one sentence each; empty when everything was. */
  readonly missing: readonly string[];
}

/** Samplers are named as the engine names them; other programs' names say nothing here. */
const isOwnSamplerName = (name: string): boolean => /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(name);

function findModel(models: readonly ModelDescriptor[], name: string): ModelDescriptor | undefined {
  const wanted = name.toLocaleLowerCase();
  return models.find(
    ({ id, title }) => id.toLocaleLowerCase() === wanted || title.toLocaleLowerCase() === wanted,
  );
}

/** One step is side A's, more are side B's, as in the default pair. */
function sideOf(read: ReadSettings, model: ModelDescriptor | undefined): SideName {
  const steps = read.stepCount ?? model?.steps.initial ?? 1;
  return steps === 1 ? 'a' : 'b';
}

/**
 * @param current what stays where the file says nothing
 * @param side to draw on; missing = A for one step, B for more
 * @param present the files that are here
 */
export function restoreSettings(
  current: DrawSettings,
  read: ReadSettings,
  models: readonly ModelDescriptor[],
  side?: SideName,
  present: readonly PresentAdapter[] = [],
): RestoredSettings {
  const model = read.model === undefined ? undefined : findModel(models, read.model);
  const drawnOn = side ?? sideOf(read, model);
  const ownSampler = read.sampler != null && isOwnSamplerName(read.sampler) ? read.sampler : null;
  const adapters = read.adapters ?? [];
  const gone = adapters.filter(({ id }) => !present.some((adapter) => adapter.id === id));
  const missing = [
    read.model !== undefined && model === undefined && models.length > 0
      ? `It was drawn with the model “${read.model}”, which is not here.`
      : '',
    read.sampler != null && ownSampler === null
      ? `Its sampler “${read.sampler}” is another program's; the model's own is used.`
      : '',
    model !== undefined &&
    read.width !== undefined &&
    !model.sizes.some(([width, height]) => width === read.width && height === read.height)
      ? `Its size, ${read.width} × ${read.height}, is none that ${model.title} draws.`
      : '',
    ...gone.map(
      ({ id }) => `It was drawn with ${id}, which is not here: add the file, then open the picture again.`,
    ),
  ];
  const { prompt, negativePrompt = '', seed = current.seed, width, height } = read;
  const shared: DrawSettings = {
    ...current,
    prompt,
    negativePrompt,
    seed,
    size: width === undefined || height === undefined ? current.size : [width, height],
    promptBlend: read.promptBlend ?? defaultSettings.promptBlend,
    seedBlend: read.seedBlend ?? defaultSettings.seedBlend,
  };
  const settings = changeSide(shared, drawnOn, {
    // Before the catalogue is known, the name is taken at its word.
    ...(model !== undefined && { model: model.id }),
    ...(models.length === 0 && read.model !== undefined && { model: read.model }),
    ...(read.stepCount !== undefined && { steps: read.stepCount }),
    ...(read.guidanceScale !== undefined && { guidance: read.guidanceScale }),
    sampler: ownSampler,
    adapters: restoredAdapters(adapters, present),
    decoding: read.decoding ?? 'full',
  });
  return { settings, side: drawnOn, missing: missing.filter((sentence) => sentence !== '') };
}
