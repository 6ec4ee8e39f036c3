/** The loop from noise to latents over a sampler and a network: guidance, cancelling, previews, times. */
import { type CancelSignal, throwIfAborted } from '../core/cancel.ts';
import { EngineError } from '../core/errors.ts';
import { gaussianNoise } from '../core/noise.ts';
import type { FloatTensor } from '../core/tensor.ts';
import { applyGuidance, needsGuidance } from '../samplers/guidance.ts';
import { initialState } from '../samplers/initial-state.ts';
import type { Sampler } from '../samplers/sampler.ts';
import type { Denoiser } from './denoiser.ts';
import type { TrajectoryStep } from './generation.ts';
import type { Clock } from './ports.ts';

export interface SampleLatentsOptions {
  readonly denoiser: Denoiser;
  readonly sampler: Sampler;
  readonly stepCount: number;
  readonly guidanceScale: number;
  /** Hidden states of the prompt and, with guidance, of the negative prompt. */
  readonly text: FloatTensor;
  readonly negativeText: FloatTensor | undefined;
  /** Unit noise [C, h, w]. */
  readonly noise: Float32Array;
  /** For the fresh noise of stochastic samplers. */
  readonly seed: number;
  readonly clock: Clock;
  readonly signal?: CancelSignal | undefined;
  /** Latents before the first step, as `TrajectoryStep.pathLatents`, and their path time. */
  readonly onStart?: ((latents: Float32Array, time: number) => void | Promise<void>) | undefined;
  /** Without it, and where the backend keeps tensors, an Euler flow's latents stay there until the end. */
  readonly onStep?: ((step: TrajectoryStep) => void | Promise<void>) | undefined;
}

export interface SampledLatents {
  readonly latents: Float32Array;
  readonly stepMs: readonly number[];
}

/**
 * Whether a second, unconditional pass runs: guidance above 1 that the network doesn't take as an input.
 */
export function guidesByTwoPasses(denoiser: Denoiser, guidanceScale: number): boolean {
  return needsGuidance(guidanceScale) && !denoiser.embedsGuidance;
}

/**
 * @throws EngineError 'aborted' between steps, 'non-finite', and what sampler and network throw
 */
export async function sampleLatents(options: SampleLatentsOptions): Promise<SampledLatents> {
  const { denoiser, sampler, stepCount, guidanceScale, noise, seed, clock, signal } = options;
  const { text, negativeText, onStart, onStep } = options;
  const plan = sampler.plan(stepCount);
  let state = initialState(plan, noise);
  /** Before step i; what the last step leaves is the picture's. */
  const onPath = (latents: Float32Array, i: number): Float32Array =>
    i < plan.steps.length ? sampler.scaleModelInput(plan, latents, i) : latents;
  await onStart?.(onPath(state.latents, 0), plan.steps[0]?.time ?? 0);
  const texts = negativeText ? [negativeText, text] : [text];
  const { eulerStep } = sampler;
  if (denoiser.walk && eulerStep && !onStep) {
    const begun = clock();
    const steps = plan.steps.map(({ timestep }, i) => ({ timestep, dt: eulerStep(plan, i) }));
    const latents = await denoiser.walk({
      latents: state.latents,
      steps,
      texts,
      guidanceScale,
      onStep: () => throwIfAborted(signal),
    });
    throwIfAborted(signal);
    // What a single step took is not known: the backend works them off behind our back.
    return { latents, stepMs: steps.map(() => (clock() - begun) / steps.length) };
  }
  const stepMs: number[] = [];
  for (const [i, { timestep }] of plan.steps.entries()) {
    throwIfAborted(signal);
    const begun = clock();
    const latents = sampler.scaleModelInput(plan, state.latents, i);
    const outputs = await denoiser.evaluate({ latents, timestep, texts, guidanceScale });
    const output =
      outputs.length === 2 ? applyGuidance(outputs[0]!, outputs[1]!, guidanceScale) : outputs[0]!;
    const fresh = plan.stochastic ? gaussianNoise(noise.length, { seed, stream: 1 + i }) : undefined;
    const result = sampler.step(plan, state, output, i, fresh);
    state = result.state;
    assertFinite(state.latents, i, plan.steps.length);
    const milliseconds = clock() - begun;
    stepMs.push(milliseconds);
    throwIfAborted(signal);
    const time = plan.steps[i + 1]?.time ?? 1;
    await onStep?.({
      i,
      timestep,
      time,
      latents: state.latents,
      pathLatents: onPath(state.latents, i + 1),
      endpoint: result.endpoint,
      milliseconds,
    });
  }
  throwIfAborted(signal);
  return { latents: state.latents, stepMs };
}

function assertFinite(latents: Float32Array, i: number, count: number): void {
  const at = latents.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new EngineError('non-finite', `Step ${i + 1} of ${count} gave a value that is no number.`, {
    subject: `latents after step ${i + 1}`,
    found: `${latents[at]} at ${at}`,
    wanted: 'finite numbers',
    remedy: 'Lower the guidance scale, or run the network in float32.',
  });
}
