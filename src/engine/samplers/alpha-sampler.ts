/** What the samplers that step in alpha-bar (DDIM, DDPM, PNDM, LCM) share. */
import { EngineError } from '../core/errors.ts';
import type { NoiseSchedule } from './noise-schedule.ts';
import type { PredictionType } from './prediction.ts';
import type { TimestepSpacing } from './timestep-spacing.ts';

export interface AlphaSamplerOptions {
  readonly schedule: NoiseSchedule;
  readonly spacing: TimestepSpacing;
  /** Added to leading timesteps. */
  readonly stepsOffset: number;
  readonly predictionType: PredictionType;
}

/** alpha-bar after the last step. */
export function finalAlpha(schedule: NoiseSchedule, setAlphaToOne: boolean): number {
  return setAlphaToOne ? 1 : schedule.alphasCumprod[0]!;
}

/**
 * alpha-bar at a timestep from which the clean latents can be told.
 * @throws EngineError 'argument-invalid' beyond the training timesteps (offset and N too large together);
 *   'config-unsupported' for epsilon where a zero terminal SNR leaves no signal
 */
export function assertSignal(
  {
    schedule,
    predictionType,
    stepsOffset,
  }: Pick<AlphaSamplerOptions, 'schedule' | 'predictionType' | 'stepsOffset'>,
  timestep: number,
): number {
  const alphaBar = schedule.alphasCumprod[timestep];
  if (alphaBar === undefined) {
    throw new EngineError('argument-invalid', `Timestep ${timestep} lies outside the training schedule.`, {
      subject: 'stepCount',
      found: `timestep ${timestep} with steps_offset ${stepsOffset}`,
      wanted: `timesteps from 0 to ${schedule.trainSteps - 1}`,
      remedy: 'Ask for fewer steps.',
    });
  }
  if (alphaBar === 0 && predictionType === 'epsilon') {
    throw new EngineError('config-unsupported', `At timestep ${timestep} nothing is left of the signal.`, {
      subject: 'prediction_type',
      found: 'epsilon with rescale_betas_zero_snr',
      wanted: 'v_prediction or sample',
      remedy: "Set timestep_spacing to 'leading', or rescale_betas_zero_snr to false.",
    });
  }
  return alphaBar;
}
