/** Which model each side draws with, and what that model makes of the side's settings. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { Decoding } from '../../worker/protocol.ts';
import type { ChosenState } from './drawn-state.ts';
import { comparedModels } from './engine.ts';
import { changeSide, type DrawSettings, type SideSettings } from './settings.ts';
import { type SideName, sideNames } from './side.ts';

/** The side's chosen model, else that of the default pair; null where there is none at all. */
export function modelOfSide({ settings, engine }: ChosenState, side: SideName): ModelDescriptor | null {
  const { model } = settings.sides[side];
  return engine.models.find(({ id }) => id === model) ?? comparedModels(engine.models)[side];
}

/** The id that a side asks for and the catalogue doesn't have; null when nothing is missing. */
export function missingModel({ settings, engine }: ChosenState, side: SideName): string | null {
  const { model } = settings.sides[side];
  if (model === null || engine.models.length === 0) return null;
  return engine.models.some(({ id }) => id === model) ? null : model;
}

/** The same settings with every side's model named, for links and kept pictures. */
export function namedModels<Whole extends DrawSettings>(
  settings: Whole,
  models: Readonly<Record<SideName, ModelDescriptor | null>>,
): Whole {
  return sideNames.reduce((named, side) => {
    const id = models[side]?.id;
    return id === undefined ? named : changeSide(named, side, { model: id });
  }, settings);
}

/** A model of one step count takes that one, whatever the side says. */
export const takesFixedSteps = ({ steps }: ModelDescriptor): boolean => steps.minimum === steps.maximum;

export function stepsOf({ steps }: SideSettings, model: ModelDescriptor | null): number {
  return model !== null && takesFixedSteps(model) ? model.steps.minimum : steps;
}

/** Guidance of a side: the reader's where the model takes it, within its range; 1 = none where it takes none. */
export function guidanceOf(side: SideSettings, model: ModelDescriptor): number {
  if (model.guidance === null) return 1;
  const { minimum, maximum, initial } = model.guidance;
  return side.guidance === null ? initial : Math.min(Math.max(side.guidance, minimum), maximum);
}

/** 'fast' where the side wants it and the model has a tiny decoder. */
export function decodingOf({ decoding }: SideSettings, { components }: ModelDescriptor): Decoding {
  return components.tiny_vae === undefined ? 'full' : decoding;
}

/** The wanted size where the model takes it, else its first, [width, height]. */
export function sizeOf(
  { size }: Pick<DrawSettings, 'size'>,
  { sizes }: ModelDescriptor,
): readonly [number, number] {
  const taken = size && sizes.find(([width, height]) => width === size[0] && height === size[1]);
  return taken ?? sizes[0] ?? [64, 64];
}
