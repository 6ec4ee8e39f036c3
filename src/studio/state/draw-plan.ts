/** From settings and models to the requests of both sides, and which of them needs no new run. */
import type { ModelDescriptor } from '../../engine/pipeline/model.ts';
import type { DrawRequest } from '../../worker/protocol.ts';
import { actingAdapters } from './adapters.ts';
import { samplerOf } from './model-samplers.ts';
import { type DrawSettings, seedProblem, stepsProblem } from './settings.ts';
import { otherSide, type SideName, type SideRun, sideNames } from './side.ts';
import { decodingOf, guidanceOf, sizeOf, stepsOf } from './side-models.ts';

export type DrawPlan = Readonly<Record<SideName, DrawRequest>>;

/** A field that the reader has to put right before anything is drawn. */
export type BlockingField = 'seed' | 'steps-a' | 'steps-b';

/**
 * The field that keeps Draw from drawing; null when none does.
 * @param models null where a side's model isn't known yet
 */
export function blockingField(
  { seed, sides }: DrawSettings,
  models: Readonly<Record<SideName, ModelDescriptor | null>>,
): BlockingField | null {
  for (const side of sideNames) {
    const model = models[side];
    if (stepsProblem(stepsOf(sides[side], model), model?.steps) !== '') return `steps-${side}`;
  }
  return seedProblem(seed) !== '' ? 'seed' : null;
}

/** One side's request. Fields that don't act are left out, so that equal pictures have equal keys. */
export function planSide(settings: DrawSettings, side: SideName, model: ModelDescriptor): DrawRequest {
  const { prompt, negativePrompt, seed, promptBlend, seedBlend } = settings;
  const own = settings.sides[side];
  const [width, height] = sizeOf(settings, model);
  const guidanceScale = guidanceOf(own, model);
  const sampler = samplerOf(own.sampler, model);
  const adapters = actingAdapters(own);
  return {
    model: model.id,
    prompt,
    seed,
    stepCount: stepsOf(own, model),
    guidanceScale,
    width,
    height,
    previews: true,
    ...(sampler !== null && { sampler }),
    ...(guidanceScale > 1 && negativePrompt !== '' && { negativePrompt }),
    ...(promptBlend.weight > 0 && { promptBlend }),
    ...(seedBlend.weight > 0 && { seedBlend }),
    ...(adapters.length > 0 && { adapters }),
    ...(decodingOf(own, model) === 'fast' && { decoding: 'fast' }),
  };
}

/**
 * Whether a side would be drawn otherwise now, its words and noise aside: what failed at a size or with a file is tried
 * again without it once the reader changed that.
 */
export function differsNow(
  { prompt, negativePrompt = '', seed, promptBlend, seedBlend, ...request }: DrawRequest,
  now: DrawRequest,
): boolean {
  const words = { prompt, negativePrompt, seed, promptBlend, seedBlend };
  return requestKey({ ...request, ...words }) !== requestKey({ ...now, ...words });
}

export function planDraw(
  settings: DrawSettings,
  models: Readonly<Record<SideName, ModelDescriptor>>,
): DrawPlan {
  return { a: planSide(settings, 'a', models.a), b: planSide(settings, 'b', models.b) };
}

/** Two requests with one key are one picture. */
export function requestKey(request: DrawRequest): string {
  const { model, prompt, negativePrompt = '', stepCount, guidanceScale, seed, width, height } = request;
  const { sampler = '', promptBlend = null, seedBlend = null, adapters = [], decoding = 'full' } = request;
  const blends = [promptBlend && [promptBlend.prompt, promptBlend.weight]];
  blends.push(seedBlend && [String(seedBlend.seed), seedBlend.weight]);
  const size = [width, height];
  return JSON.stringify([
    model,
    prompt,
    negativePrompt,
    stepCount,
    guidanceScale,
    seed,
    size,
    sampler,
    blends,
    adapters.map(({ id, strength, original = null }) => [id, strength, original]),
    decoding,
  ]);
}

/**
 * Whether an earlier run stands in for a side, so that changing only the other side draws that one alone. Not when
 * nothing changed: Draw then measures both again. Not when it ran cold, or in a hidden
 * tab: its time couldn't be compared.
 * @param earlier the cache's run of the side's planned request
 * @param shown the sides as they were before this draw
 */
export function reusableRun(
  plan: DrawPlan,
  side: SideName,
  earlier: SideRun | undefined,
  shown: Readonly<Record<SideName, SideRun>>,
): SideRun | null {
  if (earlier?.result == null || earlier.result.cold || earlier.hidden) return null;
  const unchanged = (name: SideName): boolean => {
    const { request } = shown[name];
    return request !== null && requestKey(request) === requestKey(plan[name]);
  };
  return unchanged(side) && !unchanged(otherSide(side)) ? earlier : null;
}
