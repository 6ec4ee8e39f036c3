/** From settings and models to the requests of both sides, and which of them needs no new run. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { DrawRequest } from '../../worker/protocol.ts';
import { type Settings, seedProblem, stepsProblem } from './settings.ts';
import type { SideName, SideRun } from './side.ts';

export type DrawPlan = Readonly<Record<SideName, DrawRequest>>;

/** The field that keeps Draw from drawing; null when none does. */
export function blockingField(settings: Settings): 'steps' | 'seed' | null {
  if (stepsProblem(settings.steps) !== '') return 'steps';
  return seedProblem(settings.seed) !== '' ? 'seed' : null;
}

/** Guidance of a model: the reader's where the model takes it, within its range; 1 = none where it takes none. */
export function guidanceOf(settings: Settings, model: ModelDescriptor): number {
  if (model.guidance === null) return 1;
  const { minimum, maximum, initial } = model.guidance;
  return settings.guidance === null ? initial : Math.min(Math.max(settings.guidance, minimum), maximum);
}

export function planDraw(settings: Settings, models: Readonly<Record<SideName, ModelDescriptor>>): DrawPlan {
  const requestOf = (model: ModelDescriptor, stepCount: number, guidanceScale: number): DrawRequest => {
    const [width, height] = model.sizes[0] ?? [64, 64];
    return {
      model: model.id,
      prompt: settings.prompt,
      seed: settings.seed,
      stepCount,
      guidanceScale,
      width,
      height,
      previews: true,
    };
  };
  return {
    a: requestOf(models.a, 1, 1),
    b: requestOf(models.b, settings.steps, guidanceOf(settings, models.b)),
  };
}

/** Two requests with one key are one picture. */
export function requestKey(request: DrawRequest): string {
  const {
    model,
    prompt,
    negativePrompt = '',
    stepCount,
    guidanceScale,
    seed,
    width,
    height,
    sampler = '',
  } = request;
  return JSON.stringify([
    model,
    prompt,
    negativePrompt,
    stepCount,
    guidanceScale,
    seed,
    width,
    height,
    sampler,
  ]);
}

/**
 * Whether an earlier run stands in for side A, so that changing only N or the guidance draws B alone. Not when
 * nothing changed: Draw then measures both again. Not when it ran cold: its time couldn't be compared.
 */
export function reusableRun(plan: DrawPlan, earlier: SideRun | undefined, shownB: SideRun): SideRun | null {
  if (earlier?.result == null || earlier.result.cold) return null;
  const repeated = shownB.request !== null && requestKey(shownB.request) === requestKey(plan.b);
  return repeated ? null : earlier;
}
