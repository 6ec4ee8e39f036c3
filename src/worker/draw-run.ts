/** One draw: the pipeline's callbacks as events, previews, and how straight the path was. */
import { type CancelSignal, throwIfAborted } from '../engine/core/cancel.ts';
import { measureStraightness } from '../engine/metrics/straightness.ts';
import type { Pipeline } from '../engine/pipeline/pipeline.ts';
import type { DrawEvent, DrawRequest, DrawResult } from './protocol.ts';

export interface DrawRunOptions {
  readonly signal: CancelSignal;
  readonly onEvent: (event: DrawEvent) => void;
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
>;

/** @throws EngineError as `Pipeline.generate` */
export async function runDraw(
  pipeline: Pipeline,
  request: DrawRequest,
  { signal, onEvent }: DrawRunOptions,
): Promise<DrawOutcome> {
  const { previews } = request;
  // Z_0, Z_1 ...: kept for the straightness, which needs the end. The pipeline may reuse its arrays.
  const latents: Float32Array[] = [];
  const times: number[] = [];
  const preview = async (values: Float32Array) => {
    throwIfAborted(signal);
    return pipeline.decode(values);
  };
  const result = await pipeline.generate(request, {
    signal,
    onText: () => onEvent({ kind: 'text' }),
    async onStart(noise) {
      latents.push(noise.slice());
      times.push(0);
      if (previews) onEvent({ kind: 'noise', picture: await preview(noise) });
    },
    async onStep(step) {
      const { i, timestep, time, milliseconds, endpoint } = step;
      latents.push(step.latents.slice());
      times.push(time);
      const told = { i, stepCount: request.stepCount, timestep, time, milliseconds };
      if (!previews) return onEvent({ kind: 'step', step: told });
      const latentsPicture = await preview(step.latents);
      // The last step of a flow arrives where it predicted.
      const arrived = endpoint.every((value, k) => value === step.latents[k]);
      const endpointPicture = arrived ? latentsPicture : await preview(endpoint);
      onEvent({ kind: 'step', step: { ...told, latentsPicture, endpointPicture } });
    },
    onDecode: () => onEvent({ kind: 'decode' }),
  });
  const { intervals, normalised } = measureStraightness({ latents, times });
  const { width, height, rgba, timings, evaluations, sampler, tokens, float32Stages } = result;
  return {
    picture: { width, height, rgba },
    timings,
    evaluations,
    sampler,
    tokenCount: tokens.tokenCount,
    truncated: tokens.truncated,
    deviations: intervals.map(({ normalisedDeviation }) => normalisedDeviation),
    straightness: normalised,
    float32Stages,
  };
}
