/** The paper's comparisons (PAPER.md: its tables and pictures), with the models that the catalogue has. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import { samplerOf } from './model-samplers.ts';
import type { DrawSettings, SideSettings } from './settings.ts';
import { type SideName, sideNames } from './side.ts';
import { stepsOf } from './side-models.ts';

/** What a model is in the paper. Catalogue ids begin with it: 'sd-distill-nano', 'instaflow-0.9b'. */
const roles = ['instaflow', 'sd-distill', '2-rf', '3-rf', 'sd', 'pd'] as const;
type Role = (typeof roles)[number];

interface RoleSettings {
  readonly role: Role;
  readonly steps: number;
  readonly sampler?: string;
}

interface PaperComparison {
  readonly name: string;
  readonly a: RoleSettings;
  readonly b: RoleSettings;
}

const comparisons: readonly PaperComparison[] = [
  {
    name: 'InstaFlow, 1 step, and 2-RF, 25 steps',
    a: { role: 'instaflow', steps: 1 },
    b: { role: '2-rf', steps: 25 },
  },
  {
    name: 'InstaFlow, 1 step, and SD, DPM-Solver++ 25',
    a: { role: 'instaflow', steps: 1 },
    b: { role: 'sd', steps: 25, sampler: 'dpm-solver-multistep' },
  },
  { name: '2-RF in 1 step and in 25', a: { role: '2-rf', steps: 1 }, b: { role: '2-rf', steps: 25 } },
  {
    name: 'SD + Distill and InstaFlow, 1 step',
    a: { role: 'sd-distill', steps: 1 },
    b: { role: 'instaflow', steps: 1 },
  },
  {
    name: 'Progressive distillation and InstaFlow, 1 step',
    a: { role: 'pd', steps: 1 },
    b: { role: 'instaflow', steps: 1 },
  },
  {
    name: '2-RF, 25 steps, and SD, DPM-Solver++ 25',
    a: { role: '2-rf', steps: 25 },
    b: { role: 'sd', steps: 25, sampler: 'dpm-solver-multistep' },
  },
  { name: '2-RF and 3-RF in 1 step', a: { role: '2-rf', steps: 1 }, b: { role: '3-rf', steps: 1 } },
  { name: 'SD in 1 step and 2-RF in 1 step', a: { role: 'sd', steps: 1 }, b: { role: '2-rf', steps: 1 } },
];

export interface Preset {
  /** Unique among the presets. */
  readonly id: string;
  readonly name: string;
  readonly sides: Readonly<Record<SideName, SideSettings>>;
}

/** The longest role that an id begins with: 'sd-distill-nano' is no 'sd'. */
function roleOf({ id }: ModelDescriptor): Role | null {
  const begins = roles.filter((role) => id === role || id.startsWith(`${role}-`));
  return begins.sort((x, y) => y.length - x.length)[0] ?? null;
}

function fill(side: RoleSettings, models: readonly ModelDescriptor[]): SideSettings | null {
  const model = models.find((candidate) => roleOf(candidate) === side.role);
  if (model === undefined || side.steps < model.steps.minimum || side.steps > model.steps.maximum)
    return null;
  return {
    model: model.id,
    sampler: samplerOf(side.sampler ?? null, model),
    steps: side.steps,
    guidance: null,
    adapters: [],
    decoding: 'full',
  };
}

/** Comparisons within each lineage, in the paper's order; those whose models aren't all there are left out. */
export function presetsOf(models: readonly ModelDescriptor[]): readonly Preset[] {
  const lineages = [...new Set(models.map(({ lineage }) => lineage))];
  return lineages.flatMap((lineage) => {
    const related = models.filter((model) => model.lineage === lineage);
    return comparisons.flatMap(({ name, a, b }): Preset[] => {
      const [sideA, sideB] = [fill(a, related), fill(b, related)];
      if (sideA === null || sideB === null) return [];
      const told = lineages.length > 1 ? `${name} (${lineage})` : name;
      return [{ id: `${lineage}: ${name}`, name: told, sides: { a: sideA, b: sideB } }];
    });
  });
}

/** The preset that the sides are set to; null = the reader's own comparison. */
export function presetOfSettings(
  presets: readonly Preset[],
  settings: DrawSettings,
  models: Readonly<Record<SideName, ModelDescriptor | null>>,
): Preset | null {
  const matches = (preset: Preset): boolean =>
    sideNames.every((side) => {
      const { sampler, guidance, adapters, decoding } = settings.sides[side];
      const wanted = preset.sides[side];
      const model = models[side];
      return (
        model?.id === wanted.model &&
        stepsOf(settings.sides[side], model) === wanted.steps &&
        sampler === wanted.sampler &&
        guidance === wanted.guidance &&
        decoding === wanted.decoding &&
        adapters.every(({ strength }) => strength === 0)
      );
    });
  return presets.find(matches) ?? null;
}

/**
 * The sides with a model that has just come: the paper's first comparison that it is in; else itself, in its fewest
 * and in its usual number of steps. One of a single step count goes to side A, beside what is on side B.
 */
export function sidesWith(
  model: ModelDescriptor,
  models: readonly ModelDescriptor[],
  sides: DrawSettings['sides'],
): DrawSettings['sides'] {
  const preset = presetsOf(models).find(({ sides: { a, b } }) => [a.model, b.model].includes(model.id));
  if (preset) return preset.sides;
  const { minimum, maximum, initial } = model.steps;
  const own = { model: model.id, sampler: null, guidance: null, adapters: [], decoding: 'full' } as const;
  const a = { ...own, steps: minimum };
  return { a, b: minimum === maximum ? sides.b : { ...own, steps: initial } };
}
