/** One draw: the pipeline's callbacks as events, previews as time allows, and how straight the path was. */
import { type CancelSignal, throwIfAborted } from '../engine/core/cancel.ts';
import type { TrajectoryStep } from '../engine/pipeline/generation.ts';
import type { Pipeline } from '../engine/pipeline/pipeline.ts';
import type { Clock } from '../engine/pipeline/ports.ts';
import { createPathRecord, type PathRecord } from './path-record.ts';
import { createPreviewBudget, type PreviewBudget } from './preview-budget.ts';
import type { DrawEvent, DrawRequest, DrawResult, DrawStep, Picture } from './protocol.ts';
import { previewPixels, shrinkPicture } from './shrink-picture.ts';

export interface DrawRunOptions {
  readonly signal: CancelSignal;
  readonly onEvent: (event: DrawEvent) => void;
  /** How long a preview took last; undefined if that isn't known, and then this run makes none. */
  readonly previewMs: number | undefined;
  readonly now: Clock;
}

/** What the pipeline's run says of itself; the rest of a DrawResult is known outside. */
export type DrawOutcome = Pick<
  DrawResult,
  | 'picture'
  | 'timings'
  | 'evaluations'
  | 'sampler'
  | 'tokenCount'
  | 'truncated'
  | 'deviations'
  | 'straightness'
  | 'float32Stages'
> & {
  /** How long the latest preview took; undefined where none was made. */
  readonly previewMs: number | undefined;
};

/** @throws EngineError as `Pipeline.generate` */
export async function runDraw(
  pipeline: Pipeline,
  request: DrawRequest,
  { signal, onEvent, previewMs, now }: DrawRunOptions,
): Promise<DrawOutcome> {
  const { previews, stepCount } = request;
  const path = createPathRecord();
  const budget = createPreviewBudget(previewMs);
  let latestMs: number | undefined;
  const preview = async (values: Float32Array): Promise<Picture> => {
    throwIfAborted(signal);
    const begun = now();
    const picture = shrinkPicture(await pipeline.decodePreview(values), previewPixels);
    latestMs = now() - begun;
    budget.decoded(latestMs);
    return picture;
  };
  const result = await pipeline.generate(request, {
    signal,
    onText: () => onEvent({ kind: 'text' }),
    onStart(noise, time) {
      const values = path.start(noise, time).slice();
      const [channels, height, width] = pipeline.latentShape(request);
      if (previews) onEvent({ kind: 'noise', latents: { channels, height, width, values }, time });
    },
    async onStep(step) {
      const { i, timestep, time, milliseconds } = step;
      path.add(step);
      const told = { i, stepCount, timestep, time, milliseconds };
      if (!previews) return onEvent({ kind: 'step', step: told });
      onEvent({ kind: 'step', step: { ...told, ...(await trackedStep(step, path, budget, preview)) } });
    },
    onDecode: () => onEvent({ kind: 'decode' }),
  });
  const { deviations, mean } = path.straightness();
  const { width, height, rgba, timings, evaluations, sampler, tokens, float32Stages } = result;
  return {
    picture: { width, height, rgba },
    timings,
    evaluations,
    sampler,
    tokenCount: tokens.tokenCount,
    truncated: tokens.truncated,
    deviations,
    straightness: mean,
    float32Stages,
    previewMs: latestMs,
  };
}

/** What a step tells of the path, with the pictures that the run has time for: the end point's before z_t's. */
async function trackedStep(
  { pathLatents: latents, endpoint, milliseconds, time }: TrajectoryStep,
  path: PathRecord,
  budget: PreviewBudget,
  preview: (values: Float32Array) => Promise<Picture>,
): Promise<Pick<DrawStep, 'latents' | 'endpoint' | 'latentsPicture' | 'endpointPicture' | 'straightness'>> {
  budget.evaluated(milliseconds);
  const copied = latents.slice();
  // The last step of a flow arrives where it predicted. Sent once, since memory can move only once.
  const arrived = endpoint.every((value, k) => value === latents[k]);
  const kept = { latents: copied, endpoint: arrived ? copied : endpoint.slice() };
  const straightness = path.straightness(endpoint);
  // At the end the picture itself is decoded next.
  if (time >= 1 || !budget.allows()) return { ...kept, straightness };
  const endpointPicture = await preview(endpoint);
  const latentsPicture = budget.allows() ? await preview(latents) : undefined;
  return { ...kept, straightness, endpointPicture, latentsPicture };
}
