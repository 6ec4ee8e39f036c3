/** The checks that every sampler makes of what it is given. */
import { EngineError } from '../core/errors.ts';
import type { SamplerPlan, SamplerState } from './sampler.ts';

/** @throws EngineError 'argument-invalid' unless `stepCount` is a whole number from 1 to `maximum`. */
export function assertStepCount(stepCount: number, maximum = 1000): void {
  if (Number.isInteger(stepCount) && stepCount >= 1 && stepCount <= maximum) return;
  throw new EngineError(
    'argument-invalid',
    `A picture can't be drawn in ${stepCount} steps with this sampler.`,
    {
      subject: 'stepCount',
      found: `${stepCount}`,
      wanted: `a whole number from 1 to ${maximum}`,
      remedy: `Ask for 1 to ${maximum} steps.`,
    },
  );
}

/**
 * @param historyLength number of arrays that the state carries at step i
 * @throws EngineError 'argument-invalid'
 */
export function assertStepArguments(
  plan: SamplerPlan,
  state: SamplerState,
  modelOutput: Float32Array,
  i: number,
  historyLength: number,
): void {
  if (!Number.isInteger(i) || i < 0 || i >= plan.steps.length) {
    throw invalid('i', `Step ${i} isn't in the plan.`, `${i}`, `0 to ${plan.steps.length - 1}`);
  }
  const { length } = state.latents;
  if (modelOutput.length !== length) {
    const message = `The network gave ${modelOutput.length} values for ${length} latents.`;
    throw invalid('modelOutput', message, `${modelOutput.length}`, `${length}`);
  }
  if (state.history.length !== historyLength) {
    const message = `The state carries ${state.history.length} earlier arrays, step ${i} needs ${historyLength}.`;
    throw invalid(
      'state',
      message,
      `${state.history.length}`,
      `${historyLength}: the state of step ${i - 1}`,
    );
  }
  for (const values of state.history) {
    if (values.length === length) continue;
    throw invalid('state', 'The state mixes pictures of different sizes.', `${values.length}`, `${length}`);
  }
}

/** @throws EngineError 'argument-invalid' unless there is one noise value per latent. */
export function assertNoise(noise: Float32Array | undefined, length: number): Float32Array {
  if (noise?.length === length) return noise;
  const found = noise === undefined ? 'none' : `${noise.length} values`;
  throw invalid('noise', `This sampler needs fresh noise at this step.`, found, `${length} values`);
}

function invalid(subject: string, message: string, found: string, wanted: string): EngineError {
  return new EngineError('argument-invalid', message, { subject, found, wanted });
}
